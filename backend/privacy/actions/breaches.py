"""The breach register: from the detection to the notice, 72 hours."""

from datetime import datetime

from backend.privacy import clocks
from backend.privacy.breach_notice import BreachFacts
from backend.privacy.documents import Breach
from backend.privacy.errors import BreachNotFound
from backend.privacy.holdings import SYSTEM
from kernel.audit import Audit, AuditEntry, changed

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


def facts_of(breach: Breach) -> BreachFacts:
    """What the notice is written from."""
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
