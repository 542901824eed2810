"""News while a page is open: this report has changed, somebody else is writing, other work has come. Server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Controller, get
from litestar.response import Stream

from backend.console import queries, sessions
from backend.console.api.edge import AS_PAGES, PAGE
from backend.console.api.queue import FILTERS, PER_PAGE
from backend.console.visit import TheConsole, TheVisit, Visit
from backend.console.wording import words
from backend.feedback.states import STATES
from kernel.clock import Clock
from kernel.http.access import everybody
from kernel.http.negotiation import PRODUCES

# Everybody who has the page open looks with one indexed read of nothing sealed; R-D3 wants the news within two seconds.
EVERY_S = 1.0
# Then the browser asks again, and is asked who it is.
ROUNDS = 240
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no", "x-content-type-options": "nosniff"}


class LiveNews(Controller):
    """What a script listens to; without one the page is as it was when it was loaded."""

    path = "/console"
    guards = (everybody,)
    include_in_schema = False
    opt = PAGE
    exception_handlers = AS_PAGES

    @get(
        "/live",
        operation_id="listenToConsole",
        summary="News",
        media_type="text/event-stream",
        opt={PRODUCES: ["text/event-stream"]},
    )
    async def listen(self, visit: TheVisit, console: TheConsole) -> Stream:
        """`report` and its `version`, or the filters of a queue."""
        asked = visit.request.query_params
        if report := asked.get("report"):
            news = _of_report(visit, console.clock, report, asked.get("version", ""))
        else:
            news = _of_queue(visit, {name: asked[name] for name in FILTERS if asked.get(name)})
        return Stream(news, media_type="text/event-stream", headers=HEADERS)


async def _of_report(visit: Visit, clock: Clock, report: str, seen: str) -> AsyncIterator[str]:
    said: Any = None
    language = visit.look.language
    yield ": open\n\n"
    for _ in range(ROUNDS):
        row = await queries.standing(visit.reads, visit.official, report)
        if row is None:
            return
        others = await sessions.who_else_writes(report, visit.official.id, clock.now())
        text = words("live.writing", language, who=", ".join(others)) if others else ""
        if changed := str(row["version"]) != seen:
            text = words("live.changed", language, state=STATES[row["state"]].words.said(language))
        if (news := (changed, text)) != said:
            said = news
            yield _event({"changed": changed, "text": text, "link": words("live.reload", language) if changed else ""})
        await asyncio.sleep(EVERY_S)


async def _of_queue(visit: Visit, filters: dict[str, str]) -> AsyncIterator[str]:
    wanted: dict[str, Any] = {**filters}
    if "unassigned" in wanted:
        wanted["unassigned"] = wanted["unassigned"] == "true"
    language = visit.look.language
    first: str | None = None
    yield ": open\n\n"
    for _ in range(ROUNDS):
        present = await queries.first_page(visit.reads, visit.official, wanted, int(PER_PAGE))
        first = first or present
        if present != first:
            yield _event({"changed": True, "text": words("live.work", language), "link": words("live.show", language)})
            return
        await asyncio.sleep(EVERY_S)


def _event(told: dict[str, Any]) -> str:
    return f"event: news\ndata: {msgspec.json.encode(told).decode()}\n\n"
