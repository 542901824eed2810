"""Dossiers: found by code or name, moved by a step, ended by a result."""

from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from backend.console.api.edge import AS_PAGES, PAGE, go_to
from backend.console.errors import ApiRefused
from backend.console.pages import HEADERS, page
from backend.console.visit import TheVisit, Visit
from backend.dossiers.file_type import MAX_RESULT_BYTES
from backend.dossiers.states import STATUSES
from kernel.http.access import everybody
from kernel.http.negotiation import PRODUCES
from kernel.ids import new_id

ADDRESS = "/v1/staff/dossiers"
FILTERS = ("q", "status")
FORM_OVERHEAD = 64 * 1024


class Dossiers(Controller):
    """The cases of the official's agencies."""

    path = "/console/dossiers"
    guards = (everybody,)
    include_in_schema = False
    opt = PAGE
    exception_handlers = AS_PAGES

    @get("/", operation_id="showDossiers", summary="Dossiers")
    async def search(self, visit: TheVisit) -> Response[str]:
        """One page, the latest change first; what is asked is the address."""
        asked = {name: value for name in FILTERS if (value := visit.request.query_params.get(name))}
        cursor = visit.request.query_params.get("cursor")
        found = await visit.get(ADDRESS, **asked, **({"cursor": cursor} if cursor else {}), limit="25")
        further = {**asked, "cursor": found["nextCursor"]} if "nextCursor" in found else {}
        return page(
            visit,
            "dossiers.html",
            items=found["items"],
            wanted=asked,
            statuses=_statuses(visit.look.language),
            further=f"/console/dossiers?{urlencode(further)}" if further else "",
        )

    @get("/{dossier_id:str}", operation_id="showDossier", summary="A dossier")
    async def show(self, visit: TheVisit, dossier_id: FromPath[str]) -> Response[str]:
        """One dossier, on record like every look at one."""
        done = visit.request.query_params.get("done", "")
        return await _shown(visit, dossier_id, done=done if done in ("step", "result") else "")

    @get("/{dossier_id:str}/result", operation_id="showDossierResult", summary="The result", opt={PRODUCES: ["application/*"]})
    async def result(self, visit: TheVisit, dossier_id: FromPath[str]) -> Response[bytes]:
        """The result, saved: what citizens get is not opened inside of a page."""
        return await _saved(visit, f"{ADDRESS}/{dossier_id}/result")

    @get(
        "/{dossier_id:str}/supplied/{file_id:str}",
        operation_id="showSuppliedPaper",
        summary="A paper",
        opt={PRODUCES: ["application/*"]},
    )
    async def supplied(self, visit: TheVisit, dossier_id: FromPath[str], file_id: FromPath[str]) -> Response[bytes]:
        """A paper the citizen supplied, saved."""
        return await _saved(visit, f"{ADDRESS}/{dossier_id}/supplied/{file_id}")

    @post("/{dossier_id:str}/steps", operation_id="takeDossierStep", summary="Take a step")
    async def step(self, visit: TheVisit, dossier_id: FromPath[str]) -> Response[Any]:
        """One of the steps the API allows, with its reason where it needs one."""
        form = await visit.form()
        items = [line.strip() for line in str(form.get("items", "")).splitlines() if line.strip()]
        body: dict[str, Any] = {"action": str(form.get("action", "")), "reason": str(form.get("reason_text", "")).strip() or None}
        body |= {"items": items} if items else {}
        body |= {"respondBy": str(form["respond_by"])} if form.get("respond_by") else {}
        try:
            await visit.post(
                f"{ADDRESS}/{dossier_id}/transitions", body, key=str(form.get("key", "")), version=str(form.get("version", ""))
            )
        except ApiRefused as refused:
            return await _shown(visit, dossier_id, refused=refused, typed=form)
        return go_to(f"/console/dossiers/{dossier_id}?done=step")

    @post(
        "/{dossier_id:str}/result",
        operation_id="publishDossierResult",
        summary="Publish the result",
        request_max_body_size=MAX_RESULT_BYTES + FORM_OVERHEAD,
    )
    async def publish(self, visit: TheVisit, dossier_id: FromPath[str]) -> Response[Any]:
        """The citizen is told at once."""
        form = await visit.form()
        file = form.get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
        name = file.filename if isinstance(file, UploadFile) else ""
        try:
            await _send_file(visit, f"{ADDRESS}/{dossier_id}/result", name, content, form)
        except ApiRefused as refused:
            return await _shown(visit, dossier_id, refused=refused, typed=form)
        return go_to(f"/console/dossiers/{dossier_id}?done=result")


async def _saved(visit: Visit, path: str) -> Response[bytes]:
    """A file as the API hands it out, for the browser to keep."""
    found = (await visit.answer("GET", path)).or_refused()
    headers = {**HEADERS, "content-disposition": found.headers["content-disposition"]}
    return Response(found.body, media_type="application/octet-stream", headers=headers)


async def _shown(
    visit: Visit, dossier: str, *, done: str = "", refused: ApiRefused | None = None, typed: dict[str, Any] | None = None
) -> Response[str]:
    found = await visit.get(f"{ADDRESS}/{dossier}")
    status = refused.status if refused else 200
    stale = refused is not None and refused.overtaken(found["version"], typed or {})
    values = {"done": done, "refused": refused, "stale": stale, "typed": typed or {}, "key": new_id()}
    return page(visit, "dossier.html", status=status, dossier=found, **values)


async def _send_file(visit: Visit, path: str, name: str, content: bytes, form: dict[str, Any]) -> None:
    """One file as a multipart form (RFC 7578)."""
    boundary = new_id()
    safe = name.replace('"', "%22").replace("\r", "").replace("\n", "")
    head = (
        f'--{boundary}\r\ncontent-disposition: form-data; name="data"; filename="{safe}"\r\n'
        "content-type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {
        "content-type": f"multipart/form-data; boundary={boundary}",
        "idempotency-key": f'"{form.get("key", "")}"',
        "if-match": f'"{form.get("version", "")}"',
    }
    (await visit.answer("POST", path, headers=headers, body=body)).or_refused()


def _statuses(language: str) -> list[tuple[str, str]]:
    return [(name, status.en if language == "en" else status.vi) for name, status in STATUSES.items()]
