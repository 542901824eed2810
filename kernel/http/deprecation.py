"""A route on its way out says so in every answer and in the contract (R-C11; RFC 9745, RFC 8594).

@get("/old", operation_id="getOld", **deprecated(since=date(2026, 9, 1), sunset=date(2027, 9, 1), link="/docs#getNew"))
"""

from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

from kernel.http.answer import answer_of

DEPRECATION = "deprecation"


def deprecated(*, since: date, sunset: date, link: str) -> dict[str, Any]:
    """What a route's decorator takes: deprecated since that day, gone on the other; `link` leads to what to use instead."""
    if sunset <= since:
        raise ValueError("A route is deprecated before it goes")
    begins, ends = (datetime.combine(day, time.min, UTC) for day in (since, sunset))
    headers = [
        # RFC 9745, 2: a Structured Field date, "@" and seconds.
        (b"deprecation", f"@{int(begins.timestamp())}".encode()),
        # RFC 8594, 3: an HTTP-date.
        (b"sunset", format_datetime(ends, usegmt=True).encode()),
        (b"link", f'<{link}>; rel="deprecation"; type="text/html"'.encode()),
    ]
    return {"deprecated": True, "opt": {DEPRECATION: headers}}


def say_deprecated(scope: Any) -> None:
    """Note it for the answer, whatever the answer will be."""
    headers = scope["route_handler"].opt.get(DEPRECATION)
    if headers:
        answer_of(scope).more += headers
