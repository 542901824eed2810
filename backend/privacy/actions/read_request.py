"""An administrator reads what a citizen asks of their data; that is on record before the words leave (SEC-71)."""

from backend.privacy.documents import DataRequest
from backend.privacy.errors import DataRequestNotFound
from backend.privacy.holdings import Holdings
from kernel.audit import AuditEntry
from kernel.mongo.reads import Row
from kernel.principal import Principal

_ANSWERS = {"reason": 0, "extension_reason": 0}


async def read_request(actor: Principal, request_id: str, holdings: Holdings) -> Row:
    """The request with the citizen's own words opened.

    Raises:
        DataRequestNotFound.
        AuditUnavailable: then nothing is shown.
    """
    row: Row | None = await DataRequest.get_pymongo_collection().find_one({"_id": {"$eq": request_id}}, _ANSWERS)
    if row is None:
        raise DataRequestNotFound
    what, whom = f"data_request:{request_id}", (row["subject"],)
    entry = AuditEntry(action="data_request.read", object=what, subjects=whom, fields=("wish",), purpose="citizen_service")
    await holdings.audit.record(actor, entry)
    (opened,) = await holdings.vault.open([row])
    return opened
