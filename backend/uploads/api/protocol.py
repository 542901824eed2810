"""The headers of tus 1.0.0, and what every answer of its address says."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from litestar import Request, Response

from backend.uploads.errors import ProtocolVersionUnsupported
from backend.uploads.limits import MAX_BYTES
from backend.uploads.metadata import ALGORITHMS, malformed
from kernel.http.problems import EXCEPTION_HANDLERS, UnsupportedMediaType

ADDRESS = "/v1/uploads"
_ONE = re.compile(rf"{ADDRESS}/[^/]+")
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
CONTENT_TYPE = "application/offset+octet-stream"
ABOUT = {
    "tus-version": VERSION,
    "tus-extension": EXTENSIONS,
    "tus-max-size": str(MAX_BYTES),
    "tus-checksum-algorithm": ",".join(ALGORITHMS),
}

# For browsers (CORS): what a page may send, and what it may read.
TUS_REQUEST_HEADERS = (
    *("tus-resumable", "upload-length", "upload-offset", "upload-metadata", "upload-checksum", "x-http-method-override"),
)
TUS_ANSWER_HEADERS = (
    *("tus-resumable", "tus-version", "tus-extension", "tus-max-size", "tus-checksum-algorithm"),
    *("upload-offset", "upload-length", "upload-metadata", "upload-expires", "location"),
)

Asked = Request[Any, Any, Any]


def is_tus(path: str) -> bool:
    """Is this the address of an upload, at which HEAD is a method of the protocol and no GET without its body?"""
    return _ONE.fullmatch(path) is not None


def expect_version(given: str | None) -> None:
    """The client speaks our version. "If the version specified by the Client is not supported ... 412 ... Tus-Version".

    Raises:
        ProtocolVersionUnsupported: another one, or none.
    """
    if given != VERSION:
        raise ProtocolVersionUnsupported(headers={"tus-version": VERSION})


def expect_bytes(request: Asked) -> None:
    """The body is the bytes of a file.

    Raises:
        UnsupportedMediaType: it is something else.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise UnsupportedMediaType


def announced(request: Asked) -> int | None:
    """How long the body says it is; None when it does not say.

    Raises:
        UploadHeaderMalformed: it says so in no number.
    """
    given = request.headers.get("content-length")
    if given is None:
        return None
    if not (given.isascii() and given.isdecimal()):
        raise malformed("content-length", "a non-negative whole number is needed")
    return int(given)


def brings_bytes(request: Asked) -> bool:
    """Is there a body?"""
    return announced(request) not in (None, 0) or "transfer-encoding" in request.headers


def expires(at: datetime) -> str:
    """`Upload-Expires`: an IMF-fixdate (RFC 9110, 5.6.7)."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


async def with_version(answer: Response[Any]) -> Response[Any]:
    """Say the version: it "MUST be included in every request and response except for OPTIONS requests"."""
    answer.headers["tus-resumable"] = VERSION
    return answer


Handler = Callable[[Asked, Any], Any]


def _also_says_version(handler: Handler) -> Handler:
    def handle(request: Asked, error: Any) -> Response[Any]:
        answer: Response[Any] = handler(request, error)
        answer.headers["tus-resumable"] = VERSION
        return answer

    return handle


PROBLEMS_WITH_VERSION = {kind: _also_says_version(handler) for kind, handler in EXCEPTION_HANDLERS.items()}
