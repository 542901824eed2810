"""A person locks their own account, and opens it again with the code they were given then (SEC-38).

For a phone that is stolen, or a password somebody else knows: whoever can still sign in here takes away every sign-in at once, and
nobody signs in again with the account at its provider alone. No third party can lock anybody (ASVS 6.1.1).
"""

from datetime import datetime

from auth.documents import Person
from auth.opaque import digest
from kernel.ids import LENGTH, new_id

GROUP = 4
# What is misheard and mistyped, as Crockford's alphabet has it.
_HEARD = str.maketrans({"o": "0", "i": "1", "l": "1"})


async def lock(person_id: str, *, now: datetime) -> str:
    """Lock the account; answers the unlock code, which is kept nowhere but as its hash. Locking again gives a new code."""
    code = new_id()
    await Person.get_pymongo_collection().update_one(
        {"_id": {"$eq": person_id}}, {"$set": {"locked_at": now, "unlock_digest": digest(code)}, "$inc": {"version": 1}}
    )
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP)).upper()


async def unlock(code: str) -> bool:
    """Whether this was the code of a locked account, which is open now."""
    plain = "".join(code.split()).replace("-", "").lower().translate(_HEARD)
    return await _open({"unlock_digest": digest(plain)})


async def unlock_by_hand(person_id: str) -> bool:
    """The same for somebody who has lost the code and has shown at a counter who they are."""
    return await _open({"_id": {"$eq": person_id}, "locked_at": {"$exists": True}})


async def _open(whose: dict[str, object]) -> bool:
    freed = await Person.get_pymongo_collection().update_one(
        whose, {"$unset": {"locked_at": "", "unlock_digest": ""}, "$inc": {"version": 1}}
    )
    return bool(freed.matched_count)
