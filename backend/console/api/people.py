"""People and agencies: who works where as what, where nobody does, and the farewell of somebody who leaves."""

from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from backend.console.api.edge import AS_PAGES, PAGE, go_to
from backend.console.errors import ApiRefused
from backend.console.pages import page
from backend.console.visit import TheVisit
from kernel.http.access import everybody

DIRECTORY = "/v1/staff/directory"
STEP_UP = "step_up_required"


class People(Controller):
    """For administrators; the API decides who is one."""

    path = "/console/people"
    guards = (everybody,)
    include_in_schema = False
    opt = PAGE
    exception_handlers = AS_PAGES

    @get("/", operation_id="showPeople", summary="People and agencies")
    async def show(self, visit: TheVisit) -> Response[str]:
        """Officials of the administrator's agencies, and the agencies with the roles nobody has."""
        asked = {name: value for name in ("agency", "cursor") if (value := visit.request.query_params.get(name))}
        members = await visit.get(f"{DIRECTORY}/members", **asked, limit="50")
        agencies = (await visit.get(f"{DIRECTORY}/agencies"))["items"]
        further = {**asked, "cursor": members["nextCursor"]} if "nextCursor" in members else {}
        return page(
            visit,
            "people.html",
            members=members["items"],
            agencies=agencies,
            names={agency["code"]: agency["name"] for agency in agencies},
            agency=asked.get("agency", ""),
            further=f"/console/people?{urlencode(further)}" if further else "",
            done=visit.request.query_params.get("done", ""),
        )

    @get("/{member_id:str}", operation_id="showPerson", summary="One official")
    async def person(self, visit: TheVisit, member_id: FromPath[str]) -> Response[str]:
        """One official, and the way out for them."""
        member = await visit.get(f"{DIRECTORY}/members/{member_id}")
        return page(visit, "person.html", member=member, anew=False)

    @post("/{member_id:str}/off-boarding", operation_id="offBoardPerson", summary="An official leaves")
    async def leave(self, visit: TheVisit, member_id: FromPath[str]) -> Response[Any]:
        """Ends what they may do and every session of theirs. Who signed in more than five minutes ago is asked to do so again."""
        await visit.form()
        try:
            await visit.post(f"{DIRECTORY}/members/{member_id}/off-boarding")
        except ApiRefused as refused:
            if refused.code != STEP_UP:
                raise
            member = await visit.get(f"{DIRECTORY}/members/{member_id}")
            return page(visit, "person.html", status=refused.status, member=member, anew=True)
        return go_to("/console/people?done=left")
