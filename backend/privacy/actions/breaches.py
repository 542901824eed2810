"""The breach register: from the detection to the notice, 72 hours."""

from datetime import datetime

import msgspec

from backend.privacy import clocks
from backend.privacy.breach_notice import BreachFacts
from backend.privacy.documents import Amendment, Breach
from backend.privacy.errors import BreachNotFound
from kernel.audit import Audit, AuditEntry, changed
from kernel.principal import SYSTEM

AMENDABLE = ("what", "happened", "categories", "people", "consequence", "measures", "contact")
_TOLD = ("detected_at", "notify_by", "what", "categories", "people")


async def open_breach(
    *,
    detected_at: datetime,
    what: str,
    audit: Audit,
    happened: str = "",
    categories: tuple[str, ...] = (),
    people: int | None = None,
    consequence: str = "",
    measures: str = "",
    contact: str = "",
) -> Breach:
    """Enter a breach. The clock runs from its detection, not from this entry."""
    breach = Breach(
        detected_at=detected_at,
        notify_by=detected_at + clocks.BREACH_NOTICE,
        what=what,
        happened=happened,
        categories=list(categories),
        people=people,
        consequence=consequence,
        measures=measures,
        contact=contact,
    )
    await breach.commit()
    told = changed({}, {name: getattr(breach, name) for name in _TOLD})
    await audit.record(SYSTEM, AuditEntry(action="breach.opened", object=f"breach:{breach.id}", changes=told))
    return breach


async def all_breaches() -> list[Breach]:
    """The register, the latest detection first."""
    return await Breach.find_all().sort("-detected_at").to_list()


async def find_breach(breach_id: str) -> Breach:
    """One entry.

    Raises:
        BreachNotFound.
    """
    breach = await Breach.find_one({"_id": {"$eq": breach_id}})
    if breach is None:
        raise BreachNotFound
    return breach


async def mark_notified(breach: Breach, *, now: datetime, audit: Audit) -> None:
    """The notice has gone out; the first time counts.

    Raises:
        StaleVersion.
    """
    if breach.notified_at is None:
        breach.notified_at = now
        await breach.commit()
        told = changed({}, {"notified_at": now})
        await audit.record(SYSTEM, AuditEntry(action="breach.notified", object=f"breach:{breach.id}", changes=told))


async def amend_breach(breach: Breach, said: dict[str, str | int | tuple[str, ...]], *, now: datetime, audit: Audit) -> None:
    """Add what has become known of `AMENDABLE` fields; the entry itself, its clock and earlier amendments stay as they are.

    Raises:
        StaleVersion.
    """
    added = [
        Amendment(at=now, field=field, said="; ".join(value) if isinstance(value, tuple) else str(value))
        for field, value in said.items()
        if field in AMENDABLE
    ]
    if added:
        breach.amendments = [*breach.amendments, *added]
        await breach.commit()
        told = changed({}, {one.field: one.said for one in added})
        await audit.record(SYSTEM, AuditEntry(action="breach.amended", object=f"breach:{breach.id}", changes=told))


def facts_of(breach: Breach) -> BreachFacts:
    """What the notice is written from: the entry, and over it what has been added since."""
    known = {one.field: one.said for one in breach.amendments}
    facts = _entered(breach)
    people = int(known.pop("people")) if "people" in known else facts.people
    categories = tuple(known.pop("categories").split("; ")) if "categories" in known else facts.categories
    return msgspec.structs.replace(facts, people=people, categories=categories, **known)


def _entered(breach: Breach) -> BreachFacts:
    return BreachFacts(
        id=breach.id,
        detected_at=breach.detected_at,
        notify_by=breach.notify_by,
        what=breach.what,
        happened=breach.happened,
        categories=tuple(breach.categories),
        people=breach.people,
        consequence=breach.consequence,
        measures=breach.measures,
        contact=breach.contact,
    )
