"""What a citizen asks of their data beside a copy and erasure: to put right, to restrict, to object; and who answers it."""

from typing import Annotated

from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.privacy import queries
from backend.privacy.actions.answer_request import acknowledge, extend, fulfil, refuse
from backend.privacy.actions.make_request import ask_about_data, take_back
from backend.privacy.actions.read_request import read_request
from backend.privacy.api import views
from backend.privacy.documents import DataRequest
from backend.privacy.holdings import Holdings, TheHoldings
from backend.privacy.schemas import (
    AskAboutData,
    DataRequestList,
    DataRequestView,
    GiveReason,
    StaffDataRequestPage,
    StaffDataRequestView,
)
from kernel.http.access import citizens, staff
from kernel.http.conditional import UNTAGGED
from kernel.http.given import Actor, Language, TheAudit, TheCalendar, TheClock, TheFresh, TheVault
from kernel.http.idempotency import IDEMPOTENT
from kernel.http.limits import limited
from kernel.http.paging import Cursor, Limit, next_cursor
from kernel.principal import Principal
from kernel.privacy.vault import Vault

State = Annotated[str | None, QueryParameter(name="state", max_length=32, description="Name of a state.")]

EVERY_LOOK = {UNTAGGED: "each look at a citizen's words is put on record, also a second one"}


class DataRequests(Controller):
    """A citizen has something put right or restricted, or objects."""

    path = "/v1/me/data-requests"
    tags = ["Personal data"]
    guards = [citizens]

    @post("/", operation_id="askAboutMyData", summary="Rectify, restrict, object", opt={**limited("data_request"), **IDEMPOTENT})
    async def ask(
        self,
        data: JSONBody[AskAboutData],
        actor: Actor,
        language: Language,
        vault: TheVault,
        clock: TheClock,
        calendar: TheCalendar,
        audit: TheAudit,
    ) -> DataRequestView:
        """Ask, or be answered with the request of this kind that is open. It is acknowledged within two working days."""
        request = await ask_about_data(actor, data, now=clock.now(), calendar=calendar, audit=audit)
        return await _mine(actor, language, vault, request.id)

    @get("/", operation_id="listMyDataRequests", summary="What I asked of my data")
    async def list_requests(self, actor: Actor, language: Language, vault: TheVault, fresh: TheFresh) -> DataRequestList:
        """My requests, newest first."""
        rows, _ = await fresh.page(lambda shown: queries.requests_of(DataRequest, actor.recipient, shown))
        return DataRequestList(items=[views.data_request(row, language) for row in await vault.open(rows)])

    @get("/{request_id:str}", operation_id="getMyDataRequest", summary="One request of mine")
    async def get_request(
        self, actor: Actor, language: Language, vault: TheVault, fresh: TheFresh, request_id: FromPath[str]
    ) -> DataRequestView:
        """Where it stands, by when it has to be answered, and what the answer says."""
        row = await fresh.row(lambda shown: queries.request_of(DataRequest, actor.recipient, request_id, shown))
        return views.data_request((await vault.open([row]))[0], language)

    @delete("/{request_id:str}", operation_id="takeBackDataRequest", summary="Take my request back", status_code=200)
    async def take_back(
        self, actor: Actor, language: Language, vault: TheVault, clock: TheClock, audit: TheAudit, request_id: FromPath[str]
    ) -> DataRequestView:
        """End my request; a restriction in force ends with it."""
        await take_back(DataRequest, actor, request_id, now=clock.now(), audit=audit)
        return await _mine(actor, language, vault, request_id)


class StaffDataRequests(Controller):
    """An administrator answers what citizens ask of their data."""

    path = "/v1/staff/data-requests"
    tags = ["Staff personal data"]
    guards = [staff("administrator")]

    @get("/", operation_id="listStaffDataRequests", summary="What citizens ask of their data")
    async def list_requests(
        self,
        language: Language,
        clock: TheClock,
        fresh: TheFresh,
        limit: Limit = 20,
        cursor: Cursor = None,
        in_state: State = None,
    ) -> StaffDataRequestPage:
        """Everybody's requests, newest first, without their words; `late` is what the law will ask about."""
        now = clock.now()
        rows, following = await fresh.page(
            lambda shown: queries.page_of_requests(DataRequest, limit=limit, cursor=cursor, state=in_state, shown=shown),
            views.staff_marks(now),
        )
        items = [views.staff_data_request(row, language, now) for row in rows]
        return StaffDataRequestPage(items=items, next_cursor=next_cursor(following))

    @get("/{request_id:str}", operation_id="readDataRequest", summary="Read what a citizen asks", opt=EVERY_LOOK)
    async def read(
        self, actor: Actor, language: Language, holdings: TheHoldings, request_id: FromPath[str]
    ) -> StaffDataRequestView:
        """One request with the citizen's words. They see that it was read, by which office."""
        row = await read_request(actor, request_id, holdings)
        return views.staff_data_request(row, language, holdings.clock.now())

    @post("/{request_id:str}/acknowledgement", operation_id="acknowledgeDataRequest", summary="Acknowledge", status_code=200)
    async def acknowledge(
        self, actor: Actor, language: Language, holdings: TheHoldings, request_id: FromPath[str]
    ) -> StaffDataRequestView:
        """Answer the citizen that it is being dealt with."""
        await acknowledge(DataRequest, actor, request_id, holdings)
        return await _staff(request_id, language, holdings)

    @post("/{request_id:str}/fulfilment", operation_id="fulfilDataRequest", summary="Carry out a request", status_code=200)
    async def fulfil(
        self, data: JSONBody[GiveReason], actor: Actor, language: Language, holdings: TheHoldings, request_id: FromPath[str]
    ) -> StaffDataRequestView:
        """Say what was done, in words the citizen will read. A restriction is in force from now on."""
        await fulfil(actor, request_id, data.reason, holdings)
        return await _staff(request_id, language, holdings)

    @post("/{request_id:str}/refusal", operation_id="refuseDataRequest", summary="Refuse a request", status_code=200)
    async def refuse(
        self, data: JSONBody[GiveReason], actor: Actor, language: Language, holdings: TheHoldings, request_id: FromPath[str]
    ) -> StaffDataRequestView:
        """Refuse it, with the reason the citizen will read."""
        await refuse(DataRequest, actor, request_id, data.reason, holdings)
        return await _staff(request_id, language, holdings)

    @post("/{request_id:str}/extension", operation_id="extendDataRequest", summary="Extend the time, once", status_code=200)
    async def extend(
        self, data: JSONBody[GiveReason], actor: Actor, language: Language, holdings: TheHoldings, request_id: FromPath[str]
    ) -> StaffDataRequestView:
        """Take the one extension there is, with the reason the citizen will read."""
        await extend(DataRequest, actor, request_id, data.reason, holdings)
        return await _staff(request_id, language, holdings)


async def _mine(actor: Principal, language: str, vault: Vault, request_id: str) -> DataRequestView:
    (row,) = await vault.open([await queries.request_of(DataRequest, actor.recipient, request_id)])
    return views.data_request(row, language)


async def _staff(request_id: str, language: str, holdings: Holdings) -> StaffDataRequestView:
    row = await queries.request_for_staff(DataRequest, request_id)
    return views.staff_data_request(row, language, holdings.clock.now())
