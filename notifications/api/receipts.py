"""What a phone says about the pushes it got."""

from litestar import Controller, post
from litestar.params import JSONBody

from kernel.http.access import citizens
from kernel.http.given import Actor, TheClock
from notifications.receipts.accept import Receipt, accept
from notifications.schemas import ReceiptsView, SendReceipts


class Receipts(Controller):
    """A phone tells how far pushes came."""

    path = "/v1/receipts"
    tags = ["Push"]
    guards = [citizens]

    @post("/", operation_id="sendReceipts", summary="What became of pushes", status_code=200)
    async def send(self, data: JSONBody[SendReceipts], actor: Actor, clock: TheClock) -> ReceiptsView:
        """What this phone received, displayed and had opened. Send it in batches, repeat it freely, in any order.

        A later stage includes the earlier ones. Whoever reports quickly saves a second push where our own connection was cut.
        """
        said = [Receipt(one.notice_id, one.installation_id, one.stage, one.at) for one in data.receipts]
        return ReceiptsView(known=await accept(actor.recipient, said, now=clock.now()))
