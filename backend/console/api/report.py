"""A report: what came, what was promised, what has been done, and the forms for what can be done now."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from backend.agencies.queries import AgencyNames
from backend.console import queries, sessions
from backend.console.acts import ACTS, Act
from backend.console.api.edge import AS_PAGES, PAGE, go_to
from backend.console.bringing import take_in
from backend.console.errors import STALE, ActUnknown, ApiRefused
from backend.console.pages import HEADERS, page
from backend.console.showing import ADDRESS, PUBLISH, Again, report_page
from backend.console.visit import TYPED, TheVisit, Visit
from backend.console.wording import words
from backend.uploads.file_kind import kind_of
from kernel.http.access import everybody
from kernel.http.negotiation import PRODUCES

# What the page may be told that has been done.
DONE = (*ACTS, "note", "draft", PUBLISH, "unpublish")
# Five pictures of a telephone, as the API takes them.
MAX_FORM_BYTES = 64 * 1024 * 1024
# What a browser may show as a picture; everything else is saved.
SHOWN = ("image/jpeg", "image/png", "image/webp")
HEAD_BYTES = 16
TheAgencies = NamedDependency[AgencyNames]


class OneReport(Controller):
    """The page staff work at."""

    path = "/console/reports/{feedback_id:str}"
    guards = (everybody,)
    include_in_schema = False
    opt = PAGE
    exception_handlers = AS_PAGES

    @get("/", operation_id="showReport", summary="A report")
    async def show(self, visit: TheVisit, agencies: TheAgencies, feedback_id: FromPath[str]) -> Response[str]:
        """The report, on record like every look at one."""
        report = await visit.get(f"{ADDRESS}/{feedback_id}")
        done = visit.request.query_params.get("done", "")
        return await report_page(visit, agencies, report, done=done if done in DONE else "")

    @get("/files/{upload_id:str}", operation_id="showReportFile", summary="A file", opt={PRODUCES: ["image/*", "application/*"]})
    async def file(self, visit: TheVisit, feedback_id: FromPath[str], upload_id: FromPath[str]) -> Response[bytes]:
        """A picture, shown; anything else, saved. Pictures have been drawn anew from their pixels, so they are nothing else."""
        report = await visit.answer("GET", f"{ADDRESS}/{feedback_id}/files/{upload_id}")
        content = report.or_refused().body
        found = kind_of(content[:HEAD_BYTES])
        kind = found.media_type if found and found.media_type in SHOWN else ""
        shown = {**HEADERS, "content-security-policy": "sandbox; default-src 'none'"}
        if not kind:
            shown["content-disposition"] = report.headers["content-disposition"]
        return Response(content, media_type=kind or "application/octet-stream", headers=shown)

    @post("/drafts", operation_id="keepReportDraft", summary="Keep what is being typed", status_code=200)
    async def draft(self, visit: TheVisit, feedback_id: FromPath[str]) -> Response[str]:
        """What a script sends while somebody types; it also tells others that somebody does. Answers what to say of it."""
        form = await visit.form()
        await _keep(visit, feedback_id, form)
        return Response(words("keep.saved", visit.look.language), media_type="text/plain", headers=HEADERS)

    @post("/acts/{act:str}", operation_id="takeReportStep", summary="Take a step", request_max_body_size=MAX_FORM_BYTES)
    async def take(self, visit: TheVisit, agencies: TheAgencies, feedback_id: FromPath[str], act: FromPath[str]) -> Response[Any]:
        """Send a form: keep it as a draft, look at it as the citizen will, or do it.

        Raises:
            ActUnknown, FormForged, NotSignedIn.
        """
        form = await visit.form()
        uploads = [str(one) for one in form.get("uploads", [])]
        if act not in (*ACTS, "note", "unmask"):
            raise ActUnknown
        if "keep" in form:
            await _keep(visit, feedback_id, {**form, "act": act})
            return go_to(f"/console/reports/{feedback_id}?done=draft#act-{act}")
        try:
            uploads += await take_in(visit, form.get("files", []))
            if "preview" in form:
                return await _preview(visit, feedback_id, ACTS[act], form, uploads)
            outcome = await _do(visit, feedback_id, act, form, uploads)
        except ApiRefused as refused:
            return await _refused(visit, agencies, feedback_id, act, form, uploads, refused)
        await sessions.drop_draft(visit.opened.cookie, sessions.place_of(feedback_id, act))
        await sessions.stopped_writing(feedback_id, visit.official.id)
        if act == "unmask":
            report = await visit.get(f"{ADDRESS}/{feedback_id}")
            return await report_page(visit, agencies, report, identity=outcome)
        return go_to(f"/console/reports/{feedback_id}?done={act}")


async def _do(visit: Visit, report: str, act: str, form: dict[str, Any], uploads: list[str]) -> Any:
    address, key = f"{ADDRESS}/{report}", str(form.get("key", ""))
    if act == "note":
        return await visit.post(f"{address}/notes", {"text": str(form.get("note", "")).strip()}, key=key)
    if act == "unmask":
        return await visit.post(f"{address}/unmask", {"purpose": str(form.get("purpose", ""))})
    step = ACTS[act]
    return await visit.post(f"{address}/{step.step}", step.request(form, uploads), key=key, version=str(form.get("version", "")))


async def _refused(
    visit: Visit,
    agencies: AgencyNames,
    report_id: str,
    act: str,
    form: dict[str, Any],
    uploads: list[str],
    refused: ApiRefused,
) -> Response[str]:
    """The page again with everything that was typed; and with what somebody else did meanwhile, where that is why."""
    await _keep(visit, report_id, {**form, "act": act})
    report = await visit.get(f"{ADDRESS}/{report_id}")
    typed = _typed(form)
    if refused.overtaken(report["version"], form):
        still = [label for step, label in _labels(report) if step == act]
        return page(
            visit, "collision.html", status=STALE, report=report, act=act, typed=typed, uploads=uploads, still=still, form=form
        )
    again = Again(act, typed, uploads, refused.detail, refused.errors)
    return await report_page(visit, agencies, report, again=again, status=refused.status)


async def _preview(visit: Visit, report_id: str, act: Act, form: dict[str, Any], uploads: list[str]) -> Response[str]:
    """What the citizen will read. Nothing has been sent."""
    await _keep(visit, report_id, {**form, "act": act.name})
    report = await visit.get(f"{ADDRESS}/{report_id}")
    return page(visit, "preview.html", report=report, act=act, form=form, typed=_typed(form), uploads=uploads)


async def _keep(visit: Visit, report_id: str, form: dict[str, Any]) -> None:
    act = str(form.get("act", ""))
    if act not in (*ACTS, "note"):
        return
    await sessions.keep_draft(visit.opened.cookie, sessions.place_of(report_id, act), _typed(form))
    # That somebody writes is told to those who may see the report, so only who may see it can say so.
    if act != "note" and await queries.standing(visit.reads, visit.official, report_id):
        await sessions.writing(report_id, visit.official.id, visit.official.name, visit.now)


def _typed(form: dict[str, Any]) -> dict[str, str]:
    names = (*TYPED, "category", "urgency", "agency", "reason", "door", "into")
    return {name: str(form[name]) for name in names if form.get(name)}


def _labels(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(action["name"], action["label"]) for action in report["allowedActions"]]
