"""What everybody may read of a report: an officer's words, and taken back again."""

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from backend.agencies.queries import AgencyNames
from backend.console.api.edge import AS_PAGES, PAGE, go_to
from backend.console.errors import ApiRefused
from backend.console.showing import ADDRESS, PUBLISH, Again, report_page
from backend.console.visit import TheVisit
from kernel.http.access import everybody


class Publishing(Controller):
    """The map and Open311 show what is written here, and nothing the citizen wrote."""

    path = "/console/reports/{feedback_id:str}/public"
    guards = (everybody,)
    include_in_schema = False
    opt = PAGE
    exception_handlers = AS_PAGES

    @post("/", operation_id="publishReport", summary="Let everybody read of it")
    async def publish(self, visit: TheVisit, agencies: NamedDependency[AgencyNames], feedback_id: FromPath[str]) -> Response[Any]:
        """The words of the form, or with `unpublish` none any more; refused ones come back as they were typed."""
        form = await visit.form()
        text, version = str(form.get("public_text", "")).strip(), str(form.get("version", ""))
        address = f"{ADDRESS}/{feedback_id}/public"
        try:
            if "unpublish" in form:
                await visit.change("DELETE", address, version=version)
            else:
                await visit.change("PUT", address, {"publicText": text}, version=version)
        except ApiRefused as refused:
            report = await visit.get(f"{ADDRESS}/{feedback_id}")
            again = Again(PUBLISH, {"public_text": text}, [], refused.detail, refused.errors)
            return await report_page(visit, agencies, report, again=again, status=refused.status)
        return go_to(f"/console/reports/{feedback_id}?done={'unpublish' if 'unpublish' in form else PUBLISH}")
