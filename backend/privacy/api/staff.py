"""What an administrator does with citizens' requests for erasure. They learn that somebody asked, not who."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from backend.privacy import queries
from backend.privacy.actions.answer_request import acknowledge, extend, refuse
from backend.privacy.api import views
from backend.privacy.documents import ErasureRequest
from backend.privacy.holdings import TheHoldings
from backend.privacy.schemas import GiveReason, StaffErasurePage, StaffErasureView
from kernel.http.access import staff
from kernel.http.given import Actor, Language, TheClock, TheFresh
from kernel.http.paging import Cursor, Limit, next_cursor

State = Annotated[str | None, QueryParameter(name="state", max_length=32, description="Name of a state.")]


class StaffErasures(Controller):
    """An administrator answers requests for erasure."""

    path = "/v1/staff/erasure-requests"
    tags = ["Staff personal data"]
    guards = [staff("administrator")]

    @get("/", operation_id="listStaffErasureRequests", summary="Requests for erasure")
    async def list_requests(
        self,
        language: Language,
        clock: TheClock,
        fresh: TheFresh,
        limit: Limit = 20,
        cursor: Cursor = None,
        in_state: State = None,
    ) -> StaffErasurePage:
        """Everybody's requests, newest first; `late` is what the law will ask about."""
        now = clock.now()
        rows, following = await fresh.page(
            lambda shown: queries.page_of_requests(ErasureRequest, limit=limit, cursor=cursor, state=in_state, shown=shown),
            views.staff_marks(now),
        )
        items = [views.staff_erasure(row, language, now) for row in rows]
        return StaffErasurePage(items=items, next_cursor=next_cursor(following))

    @post("/{request_id:str}/acknowledgement", operation_id="acknowledgeErasure", summary="Acknowledge a request", status_code=200)
    async def acknowledge(
        self, actor: Actor, language: Language, holdings: TheHoldings, request_id: FromPath[str]
    ) -> StaffErasureView:
        """Answer the citizen. It waits its period from now on, or is deferred while a case is open."""
        await acknowledge(ErasureRequest, actor, request_id, holdings)
        return await _view(request_id, language, holdings)

    @post("/{request_id:str}/refusal", operation_id="refuseErasure", summary="Refuse a request", status_code=200)
    async def refuse(
        self, data: JSONBody[GiveReason], actor: Actor, language: Language, holdings: TheHoldings, request_id: FromPath[str]
    ) -> StaffErasureView:
        """Refuse it, with the reason the citizen will read."""
        await refuse(ErasureRequest, actor, request_id, data.reason, holdings)
        return await _view(request_id, language, holdings)

    @post("/{request_id:str}/extension", operation_id="extendErasure", summary="Extend the time, once", status_code=200)
    async def extend(
        self, data: JSONBody[GiveReason], actor: Actor, language: Language, holdings: TheHoldings, request_id: FromPath[str]
    ) -> StaffErasureView:
        """Take the one extension there is, with the reason the citizen will read."""
        await extend(ErasureRequest, actor, request_id, data.reason, holdings)
        return await _view(request_id, language, holdings)


async def _view(request_id: str, language: str, holdings: TheHoldings) -> StaffErasureView:
    return views.staff_erasure(await queries.request_for_staff(ErasureRequest, request_id), language, holdings.clock.now())
