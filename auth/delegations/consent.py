"""A citizen allows somebody to act for them, or takes it back."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from anyio.to_thread import run_sync

from auth.audit import AuthAudit
from auth.delegations.relations import Relation, longest
from auth.documents import Delegation
from auth.errors import DelegationNotFound, DelegationTooLong
from auth.lifetimes import ACT_FOR_CODE, ACT_FOR_MEMORY
from auth.opaque import digest
from auth.sessions.families import Families
from kernel.ids import ALPHABET, new_id
from kernel.principal import Principal

# 50 bits, good for five minutes, once, and only together with the token of somebody who may help.
CODE_LENGTH, GROUP = 10, 5
# What is misheard and mistyped, as Crockford's alphabet has it.
_HEARD = str.maketrans({"o": "0", "i": "1", "l": "1"})
_WAITING = {"taken_up_at": {"$exists": False}}


def plain(code: str) -> str:
    """A code as it was made, however it was typed."""
    return "".join(code.split()).replace("-", "").lower().translate(_HEARD)


async def allow(
    actor: Principal, relation: Relation, scopes: Collection[str], lasts: timedelta, *, now: datetime, audit: AuthAudit
) -> tuple[Delegation, str]:
    """The permission, and the code to show. A code shown before and not taken up is good for nothing now.

    Raises:
        DelegationTooLong: more than somebody in this relation may have.
        AuditUnavailable: then nothing is allowed.
    """
    if lasts > longest(relation):
        raise DelegationTooLong
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    given = Delegation(
        id=new_id(),
        person_id=actor.id,
        given_in=actor.session_id or "",
        relation=relation,
        scopes=sorted(set(scopes)),
        lasts_s=int(lasts.total_seconds()),
        code_digest=digest(code),
        created_at=now,
        code_expires_at=now + ACT_FOR_CODE,
        forget_at=now + lasts + ACT_FOR_MEMORY,
    )
    await audit.act_for_allowed(actor, given.id, relation, given.scopes)
    await Delegation.get_pymongo_collection().delete_many({"person_id": actor.id, **_WAITING})
    await given.commit()
    return given, "-".join(code[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP)).upper()


async def take_back(actor: Principal, delegation_id: str, families: Families) -> None:
    """Nobody acts for the citizen by this permission any more; taking it back again changes nothing.

    Raises:
        DelegationNotFound: the caller has given no such permission.
    """
    mine = {"_id": {"$eq": delegation_id}, "person_id": actor.id}
    given = Delegation.get_pymongo_collection()
    if (await given.delete_one({**mine, **_WAITING})).deleted_count:
        return
    if await given.find_one(mine, {"_id": 1}) is None:
        raise DelegationNotFound
    await run_sync(families.end, delegation_id, "taken_back_by_person")
