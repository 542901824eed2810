"""Reading the staff directory: only what lies within the administrator's reach is there at all (SEC-43, SEC-48)."""

from collections import defaultdict
from collections.abc import Iterable

from backend.agencies.actions.members import parents, within
from backend.agencies.documents import Agency, StaffMember
from backend.agencies.reach import below
from backend.agencies.roles import ADMINISTRATOR, INDISPENSABLE, Role
from kernel.http.conditional import digest
from kernel.http.paging import decode_cursor, encode_cursor
from kernel.mongo.document import Stored
from kernel.principal import Principal


async def page_of_staff(
    actor: Principal, *, limit: int, cursor: str | None, agency: str | None
) -> tuple[list[StaffMember], str | None]:
    """Officials by address; those who also work elsewhere are their other administrators' too, and not shown.

    Raises:
        CursorMalformed.
    """
    reach = below(actor.where(ADMINISTRATOR), await parents())
    query = within(reach)
    if agency is not None:
        query = {"$and": [query, {"agencies": {"$eq": agency}}]}
    if cursor is not None:
        query = {"$and": [query, {"email": {"$gt": decode_cursor(cursor, [str])[0]}}]}
    rows = await StaffMember.find(query).sort("email").limit(limit + 1).to_list()
    return rows[:limit], encode_cursor(rows[limit - 1].email) if len(rows) > limit else None


def version_of(rows: Iterable[Stored], *beside: object) -> str:
    """In which version these rows are, and what is shown beside them."""
    return digest([(row.id, row.version) for row in rows], *beside)


async def agencies_of(actor: Principal) -> list[tuple[Agency, list[Role]]]:
    """The agencies within reach, each with the indispensable roles nobody has there."""
    reach = below(actor.where(ADMINISTRATOR), await parents())
    held: dict[str, set[str]] = defaultdict(set)
    async for member in StaffMember.find({"active": True, "agencies": {"$in": [*reach]}}):
        for code, role in member.held():
            held[code].add(role)
    found = await Agency.find({"_id": {"$in": [*reach]}}).sort("_id").to_list()
    return [(agency, [role for role in INDISPENSABLE if role not in held[agency.id]]) for agency in found]
