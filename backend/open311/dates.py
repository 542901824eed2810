"""Points in time as GeoReport v2 wants them, and which period a question is about."""

import re
from datetime import UTC, datetime, timedelta

from backend.open311.errors import DateMalformed, PeriodTooLong
from kernel.errors import FieldError

LONGEST = timedelta(days=90)
# https://www.w3.org/TR/NOTE-datetime, with a time: "Timezone information ... must be included".
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
# Times are told to the second, so the second somebody asks up to belongs to the period.
_SECOND = timedelta(seconds=1)


def written(at: datetime) -> str:
    """To the second, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(name: str, raw: str) -> datetime:
    """What `raw` says.

    Raises:
        DateMalformed: it is no date, or has no zone.
    """
    malformed = DateMalformed(errors=[FieldError(name, "malformed", DateMalformed.default_detail())])
    if not _WRITTEN.fullmatch(raw):
        raise malformed
    try:
        return datetime.fromisoformat(raw).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise malformed from wrong


def period(start: str | None, end: str | None, now: datetime) -> tuple[datetime, datetime]:
    """From when (inclusive) until when (exclusive): 90 days where one end or both are open.

    Raises:
        DateMalformed, PeriodTooLong.
    """
    since = read("start_date", start) if start else None
    until = read("end_date", end) if end else None
    try:
        if since is None:
            until = until or now
            since = until - LONGEST
        elif until is None:
            until = since + LONGEST
        if not since <= until <= since + LONGEST:
            raise PeriodTooLong
        return since, until + _SECOND
    except OverflowError as beyond:
        raise PeriodTooLong from beyond
