"""Make the database role that may write to the trail and read it, and nothing else (SEC-68, ASVS V16.4.2)."""

from pymongo.errors import OperationFailure

from backend.audit.chain import Row
from backend.audit.documents import AuditTrail

ROLE = "motcua_audit"
# MongoDB's src/mongo/base/error_codes.yml: Location51002.
ROLE_EXISTS = 51002


async def restrict(trail: AuditTrail) -> str:
    """Build the collections and indexes, then create the role, or set it right; answers the name of its database.

    Needs a connection that may do so. Whoever holds the role cannot update, delete, drop or re-index.
    """
    await trail.prepare()
    db = trail.records.database
    privileges: list[Row] = [
        {"resource": {"db": db.name, "collection": name}, "actions": ["find", "insert"]}
        for name in (trail.records.name, trail.anchors.name)
    ]
    try:
        await db.command("createRole", ROLE, privileges=privileges, roles=[])
    except OperationFailure as failure:
        if failure.code != ROLE_EXISTS:
            raise
        await db.command("updateRole", ROLE, privileges=privileges, roles=[])
    return db.name
