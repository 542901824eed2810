"""Resumable uploads, tus 1.0.0: core, creation, creation-with-upload, termination, expiration, checksum.

Bytes are stored as they come; a cut costs the sender what had not arrived yet, and nothing else.
"""

from typing import Annotated, Any

from litestar import Controller, HttpMethod, MediaType, Request, Response, delete, head, patch, post, route
from litestar.params import FromPath, HeaderParameter

from backend.uploads import queries
from backend.uploads.actions.create import create
from backend.uploads.actions.terminate import terminate
from backend.uploads.api import protocol
from backend.uploads.api.arrivals import inflow_of
from backend.uploads.api.desk import TheUploadDesk, UploadDesk
from backend.uploads.metadata import malformed, number, parsed_checksum, parsed_metadata
from kernel.http.access import everybody, signed_in_or_helpers
from kernel.http.given import Actor, TheClock
from kernel.http.idempotency import required_key
from kernel.http.limits import limited
from kernel.principal import Principal

TAGS = ["Uploads"]
NOTHING = Response[None]
Asked = Request[Any, Any, Any]

Version = Annotated[str | None, HeaderParameter(name="Tus-Resumable", description="`1.0.0`")]
Length = Annotated[str | None, HeaderParameter(name="Upload-Length", description="Size of the file in bytes.")]
Offset = Annotated[str | None, HeaderParameter(name="Upload-Offset", description="Where the body begins in the file.")]
Told = Annotated[str | None, HeaderParameter(name="Upload-Metadata", description="`filename`, `filetype`, `purpose`, in base64.")]
Sum = Annotated[str | None, HeaderParameter(name="Upload-Checksum", description="`sha1` or `sha256`, a space, base64.")]
Override = Annotated[str | None, HeaderParameter(name="X-HTTP-Method-Override", description="`PATCH` or `DELETE`.")]


class TusUploads(Controller):
    """Files come in."""

    path = protocol.ADDRESS
    tags = TAGS
    after_request = staticmethod(protocol.with_version)
    exception_handlers = protocol.PROBLEMS_WITH_VERSION
    # The slice's own limit counts the bytes as they come (`Inflow`); nothing here reads a body whole.
    request_max_body_size = None

    @route(
        "/",
        http_method=[HttpMethod.OPTIONS],
        operation_id="describeUploads",
        summary="What uploads may be",
        status_code=204,
        guards=[everybody],
    )
    # Litestar adds an OPTIONS of its own to the first route of an address, and goes by name: so this one has to come first.
    async def about(self) -> NOTHING:
        """The version, extensions and checksums of tus this address speaks, and the most bytes a file may have. Anybody may ask."""
        return Response(None, status_code=204, headers={**protocol.ABOUT, "cache-control": "no-store"})

    @post(
        "/",
        operation_id="createUpload",
        summary="Begin an upload",
        status_code=201,
        guards=[signed_in_or_helpers],
        opt=limited("upload"),
    )
    async def begin(
        self,
        request: Asked,
        actor: Actor,
        clock: TheClock,
        upload_desk: TheUploadDesk,
        version: Version = None,
        length: Length = None,
        metadata: Told = None,
        checksum: Sum = None,
    ) -> NOTHING:
        """Answers where to send the bytes (`Location`) and until when. With the first bytes in the body, they are stored too."""
        protocol.expect_version(version)
        # The kept answer of other writes would not do: bytes may come along, and how far they have come is told anew each time.
        client_key = required_key(request)
        if "upload-defer-length" in request.headers:
            raise malformed("upload-defer-length", "the length has to be known: send Upload-Length")
        brings_bytes = protocol.brings_bytes(request)
        if brings_bytes:
            protocol.expect_bytes(request)
        told, summed = parsed_metadata(metadata or ""), parsed_checksum(checksum) if checksum else None
        size = number("upload-length", length)
        upload, again = await create(actor, size, told, client_key=client_key, now=clock.now())
        headers = {"location": upload_desk.address(upload.id), "upload-expires": protocol.expires(upload.expires_at)}
        offset = upload.offset
        if brings_bytes and offset == 0 and size:
            offset = await self._append(request, actor, upload_desk, upload.id, 0, summed)
        if size == 0:
            upload_desk.begin_check(upload.id)
        if brings_bytes:
            headers["upload-offset"] = str(offset)
        if again:
            headers["idempotency-replayed"] = "true"
        return Response(None, status_code=201, headers=headers, media_type=MediaType.TEXT)

    @head(
        "/{upload_id:str}",
        operation_id="getUploadOffset",
        summary="How far an upload has come",
        guards=[signed_in_or_helpers],
    )
    async def offset(
        self, actor: Actor, clock: TheClock, upload_desk: TheUploadDesk, upload_id: FromPath[str], version: Version = None
    ) -> NOTHING:
        """Ask after a broken connection, then go on at `Upload-Offset`: what is still arriving is stored first."""
        protocol.expect_version(version)
        await queries.upload_of(actor, upload_id, clock.now())
        await upload_desk.receiving.settle(upload_id)
        row = await queries.upload_of(actor, upload_id, clock.now())
        headers = {
            "upload-offset": str(row["offset"]),
            "upload-length": str(row["length"]),
            "upload-expires": protocol.expires(row["expires_at"]),
            "cache-control": "no-store",
        }
        if told := await upload_desk.metadata(row):
            headers["upload-metadata"] = told
        return Response(None, headers=headers, media_type=MediaType.TEXT)

    @patch(
        "/{upload_id:str}",
        operation_id="appendToUpload",
        summary="Send bytes of an upload",
        status_code=204,
        guards=[signed_in_or_helpers],
    )
    async def append(
        self,
        request: Asked,
        actor: Actor,
        upload_desk: TheUploadDesk,
        upload_id: FromPath[str],
        version: Version = None,
        offset: Offset = None,
        checksum: Sum = None,
    ) -> NOTHING:
        """The body begins at `Upload-Offset` of the file; answers the offset reached. A newer request takes over from an older.

        Who can send nothing but POST says `X-HTTP-Method-Override: PATCH` with it (or `DELETE`).
        """
        protocol.expect_version(version)
        return await self._patched(request, actor, upload_desk, upload_id, offset, checksum)

    @delete("/{upload_id:str}", operation_id="deleteUpload", summary="Give an upload up", guards=[signed_in_or_helpers])
    async def give_up(self, actor: Actor, upload_desk: TheUploadDesk, upload_id: FromPath[str], version: Version = None) -> None:
        """Remove an upload of mine and its bytes. What has been attached to something stays there."""
        protocol.expect_version(version)
        await self._deleted(actor, upload_desk, upload_id)

    @post(
        "/{upload_id:str}",
        operation_id="overrideUploadMethod",
        status_code=204,
        include_in_schema=False,
        guards=[signed_in_or_helpers],
    )
    async def override(
        self,
        request: Asked,
        actor: Actor,
        upload_desk: TheUploadDesk,
        upload_id: FromPath[str],
        version: Version = None,
        override: Override = None,
        offset: Offset = None,
        checksum: Sum = None,
    ) -> NOTHING:
        """For who can only POST: `X-HTTP-Method-Override` "MUST be interpreted as the request's method by the Server"."""
        protocol.expect_version(version)
        match (override or "").upper():
            case "PATCH":
                return await self._patched(request, actor, upload_desk, upload_id, offset, checksum)
            case "DELETE":
                await self._deleted(actor, upload_desk, upload_id)
                return Response(None, status_code=204)
        raise malformed("x-http-method-override", "PATCH or DELETE is needed")

    async def _patched(
        self, request: Asked, actor: Principal, upload_desk: UploadDesk, upload_id: str, offset: str | None, checksum: str | None
    ) -> NOTHING:
        protocol.expect_bytes(request)
        begins, summed = number("upload-offset", offset), parsed_checksum(checksum) if checksum else None
        reached = await self._append(request, actor, upload_desk, upload_id, begins, summed)
        row = await queries.upload_of(actor, upload_id, upload_desk.checking.clock.now())
        headers = {"upload-offset": str(reached), "upload-expires": protocol.expires(row["expires_at"])}
        return Response(None, status_code=204, headers=headers)

    async def _append(
        self,
        request: Asked,
        actor: Principal,
        upload_desk: UploadDesk,
        upload_id: str,
        offset: int,
        checksum: tuple[str, bytes] | None,
    ) -> int:
        announced, inflow = protocol.announced(request), inflow_of(request)
        return await upload_desk.append(actor, upload_id, offset, inflow, announced=announced, checksum=checksum)

    async def _deleted(self, actor: Principal, upload_desk: UploadDesk, upload_id: str) -> None:
        checking = upload_desk.checking
        await terminate(actor, upload_id, files=checking.files, segments=checking.segments)
        await upload_desk.receiving.step_down(upload_id)
