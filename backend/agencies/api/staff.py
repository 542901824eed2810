"""Administrators look after their agencies and those who work there. Every change needs a fresh sign-in (SEC-37, SEC-49)."""

from typing import Annotated

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from auth.sessions.staff import StaffSessions
from auth.step_up import require_fresh
from backend.agencies.actions import agencies as agency_actions
from backend.agencies.actions import members
from backend.agencies.api.views import agency_view, member_view
from backend.agencies.directory import agencies_of, page_of_staff, version_of
from backend.agencies.schemas import (
    AgencyList,
    AgencyView,
    ChangeStaff,
    ChoosePapers,
    CloseAgency,
    EnrolStaff,
    NameUnits,
    StaffMemberView,
    StaffPage,
)
from kernel.audit import AuditEntry
from kernel.clock import VIETNAM
from kernel.http.access import staff
from kernel.http.given import Actor, TheAudit, TheClock, TheFresh
from kernel.http.paging import Cursor, Limit, next_cursor

AgencyFilter = Annotated[str | None, QueryParameter(name="agency", max_length=32, description="Code of an agency.")]
# An administrator's everyday token rules nobody: the app has to ask for this when they sign in, and be registered with it (SEC-49).
MANAGE = "directory:manage"
# Official-mail providers vouch for no level; that the person was here a moment ago has to do.
ANY_LEVEL = 0


class StaffDirectoryRoutes(Controller):
    """The directory of agencies and officials."""

    path = "/v1/staff/directory"
    tags = ["Staff directory"]
    guards = [staff("administrator", scope=MANAGE)]

    @get("/members", operation_id="listStaffMembers", summary="Who works here")
    async def list_members(
        self, actor: Actor, fresh: TheFresh, limit: Limit = 20, cursor: Cursor = None, agency: AgencyFilter = None
    ) -> StaffPage:
        """Officials of the caller's agencies and those below, by address; who has left is shown as not active."""
        rows, following = await fresh.read(
            lambda _: page_of_staff(actor, limit=limit, cursor=cursor, agency=agency), {}, lambda page: version_of(page[0], page[1])
        )
        return StaffPage(items=[member_view(row) for row in rows], next_cursor=next_cursor(following))

    @post("/members", operation_id="enrolStaffMember", summary="Enrol an official")
    async def enrol(self, data: JSONBody[EnrolStaff], actor: Actor, audit: TheAudit, clock: TheClock) -> StaffMemberView:
        """From the next sign-in with this official mail address on, they may do what is said here."""
        require_fresh(actor, clock.now(), level=ANY_LEVEL)
        today = clock.now().astimezone(VIETNAM).date()
        return member_view(await members.take_in(actor, data.listed(data.email), today=today, audit=audit))

    @get("/members/{member_id:str}", operation_id="getStaffMember", summary="One official")
    async def get_member(self, actor: Actor, fresh: TheFresh, member_id: FromPath[str]) -> StaffMemberView:
        """Answers somebody all of whose agencies are within the caller's reach."""
        return member_view(await fresh.read(lambda _: members.found(actor, member_id), {}, lambda member: str(member.version)))

    @put("/members/{member_id:str}", operation_id="changeStaffMember", summary="Change what an official may do")
    async def change(
        self, data: JSONBody[ChangeStaff], actor: Actor, audit: TheAudit, clock: TheClock, member_id: FromPath[str]
    ) -> StaffMemberView:
        """Acts within five seconds, on open sessions too. Refused when an agency would lose its last handler or approver."""
        require_fresh(actor, clock.now(), level=ANY_LEVEL)
        email = (await members.found(actor, member_id)).email
        today = clock.now().astimezone(VIETNAM).date()
        return member_view(await members.change(actor, member_id, data.listed(email), today=today, audit=audit))

    @post(
        "/members/{member_id:str}/off-boarding", operation_id="offBoardStaffMember", summary="An official leaves", status_code=200
    )
    async def off_board(
        self,
        actor: Actor,
        audit: TheAudit,
        clock: TheClock,
        staff_sessions: NamedDependency[StaffSessions],
        member_id: FromPath[str],
    ) -> StaffMemberView:
        """Ends what they may do and every session of theirs, everywhere within two seconds."""
        require_fresh(actor, clock.now(), level=ANY_LEVEL)
        member = await members.off_board(actor, member_id, today=clock.now().astimezone(VIETNAM).date(), audit=audit)
        await staff_sessions.end(member.email, "off_boarded")
        return member_view(member)

    @get("/agencies", operation_id="listDirectoryAgencies", summary="The agencies I administrate")
    async def list_agencies(self, actor: Actor, fresh: TheFresh) -> AgencyList:
        """The caller's agencies and those below; `missingRoles` says where nobody could bring a dossier to its end."""
        found = await fresh.read(
            lambda _: agencies_of(actor), {}, lambda rows: version_of([agency for agency, _ in rows], [roles for _, roles in rows])
        )
        return AgencyList(items=[agency_view(agency, missing) for agency, missing in found])

    @post("/agencies/{code:str}/closing", operation_id="closeAgency", summary="An agency ends", status_code=200)
    async def close(
        self, data: JSONBody[CloseAgency], actor: Actor, audit: TheAudit, clock: TheClock, code: FromPath[str]
    ) -> AgencyView:
        """From `validTo` on it is not there, and its successor is in its place."""
        require_fresh(actor, clock.now(), level=ANY_LEVEL)
        agency = await agency_actions.close(actor, code, last_day_after=data.valid_to, successor=data.successor)
        await audit.record(actor, AuditEntry(action="staff.agency_changed", object=f"agency:{agency.id}", agency=agency.id))
        return agency_view(agency, [])

    @put("/agencies/{code:str}/units", operation_id="nameAgencyUnits", summary="Name the units of an agency")
    async def units(
        self, data: JSONBody[NameUnits], actor: Actor, audit: TheAudit, clock: TheClock, code: FromPath[str]
    ) -> AgencyView:
        """The units (phòng, bộ phận) officials can belong to, in their order."""
        require_fresh(actor, clock.now(), level=ANY_LEVEL)
        agency = await agency_actions.name_units(actor, code, data.units)
        await audit.record(actor, AuditEntry(action="staff.agency_changed", object=f"agency:{agency.id}", agency=agency.id))
        return agency_view(agency, [])

    @put("/agencies/{code:str}/papers", operation_id="choosePapers", summary="Choose the form of papers")
    async def papers(
        self, data: JSONBody[ChoosePapers], actor: Actor, audit: TheAudit, clock: TheClock, code: FromPath[str]
    ) -> AgencyView:
        """Whether photos that citizens supply to this agency are handed over as PDF; acts at once, on those that are there too."""
        require_fresh(actor, clock.now(), level=ANY_LEVEL)
        agency = await agency_actions.choose_papers(actor, code, pictures_as_pdf=data.pictures_as_pdf)
        await audit.record(actor, AuditEntry(action="staff.agency_changed", object=f"agency:{agency.id}", agency=agency.id))
        return agency_view(agency, [])
