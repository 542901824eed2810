"""Which public reports a question is about: by their ids, or by time, service and status."""

from dataclasses import dataclass
from datetime import datetime

from backend.feedback import code as codes
from backend.feedback import published
from backend.open311 import dates
from backend.open311.errors import Open311StatusUnknown, RequestNotFound, ServiceNotFound, TooManyIds
from backend.open311.parameters import several
from backend.open311.services import SERVICES
from kernel.errors import FieldError
from kernel.mongo.reads import Fields, Reads, Row

# GeoReport v2, GET Service Requests: "90 days or 1,000 requests, whichever is smaller".
MOST = 1_000
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Asked:
    """A question about requests, checked."""

    ids: tuple[str, ...]
    since: datetime
    until: datetime
    services: tuple[str, ...] = ()
    is_open: bool | None = None


def asked(parameters: dict[str, str], now: datetime) -> Asked:
    """What these parameters ask for; `service_request_id` overrides all others, also where they make no sense.

    Raises:
        TooManyIds, ServiceNotFound, Open311StatusUnknown, DateMalformed, PeriodTooLong.
    """
    ids = several(parameters.get("service_request_id"))
    if len(ids) > MOST:
        raise TooManyIds
    if "service_request_id" in parameters:
        return Asked(tuple(ids), now, now)
    services, statuses = several(parameters.get("service_code")), several(parameters.get("status"))
    if unknown := [code for code in services if code not in SERVICES]:
        raise ServiceNotFound(errors=[FieldError("service_code", "unknown", f"{one} was not found") for one in unknown])
    if set(statuses) - {OPEN, CLOSED}:
        raise Open311StatusUnknown
    since, until = dates.period(parameters.get("start_date"), parameters.get("end_date"), now)
    return Asked((), since, until, tuple(services), statuses == [OPEN] if len(statuses) == 1 else None)


async def requests(reads: Reads, wanted: Asked, shown: Fields | None = None) -> list[Row]:
    """The public reports that were asked for, a thousand at most: by id, or the latest first. One read, by an index."""
    if wanted.ids:
        return await published.with_codes(reads, [_typed(one) for one in wanted.ids], limit=MOST, shown=shown)
    return await published.received_between(
        reads, wanted.since, wanted.until, categories=wanted.services, is_open=wanted.is_open, limit=MOST, shown=shown
    )


async def with_updates(reads: Reads, wanted: Asked, shown: Fields | None = None) -> list[Row]:
    """The public reports that can have taken a step in that time, a thousand at most. One read, by an index."""
    return await published.changed_since(reads, wanted.since, limit=MOST, shown=shown)


async def request(reads: Reads, service_request_id: str, shown: Fields | None = None) -> Row:
    """One public report.

    Raises:
        RequestNotFound: there is none, or it is not public; the two cannot be told apart.
    """
    rows = await published.with_codes(reads, [_typed(service_request_id)], limit=1, shown=shown)
    if not rows:
        raise RequestNotFound
    return rows[0]


def _typed(raw: str) -> str:
    """The code as it is printed; what is no code is nobody's."""
    try:
        return codes.normalise(raw)
    except codes.FollowCodeMalformed:
        return raw
