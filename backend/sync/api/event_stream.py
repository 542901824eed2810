"""Server-sent events by hand (WHATWG HTML, 9.2): headers at once, a ping every 15 seconds, an end when the caller's sign-in ends.

Litestar's own holds the headers back until the first event when answers are compressed, sends a header HTTP/2 forbids, and never
pings. This one is an ASGI answer like any other.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from litestar import Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send
from pymongo.errors import PyMongoError

from backend.sync.api.desk import Place, SyncDesk, while_there
from backend.sync.bells import Bell
from backend.sync.errors import SyncTokenExpired
from backend.sync.schemas import StreamNews
from backend.sync.token import Position
from kernel.errors import Problem

log = structlog.get_logger(__name__)

MEDIA_TYPE = "text/event-stream"
PING_EVERY_S = 15.0
# Half of the two seconds in which an ended session has to be noticed, less what the process needs to hear of it (SEC-32).
CHECK_EVERY_S = 0.5
RETRY_MS = 3_000
# Who takes nothing for so long is not there any more, whatever TCP says.
PATIENCE_S = 30.0
ENTRIES_AT_ONCE = 500

HEADERS = [
    (b"content-type", MEDIA_TYPE.encode()),
    (b"cache-control", b"no-store"),
    # nginx would collect events until its buffer is full.
    (b"x-accel-buffering", b"no"),
]

Welcome = Callable[[], Awaitable[object]]


class EventStream(Response[None]):
    """The stream as what a handler answers. `welcome` raises once the caller's sign-in has ended."""

    def __init__(self, desk: SyncDesk, place: Place, welcome: Welcome) -> None:
        super().__init__(None, media_type=MEDIA_TYPE)
        self._stream = _Stream(desk, place, welcome)

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return self._stream  # type: ignore[return-value]


class _Stream:
    def __init__(self, desk: SyncDesk, place: Place, welcome: Welcome) -> None:
        self._desk, self._place, self._welcome = desk, place, welcome

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the ASGI signature
        """Tell until the caller hangs up, is no longer welcome, or this process stops.

        Raises:
            TooManyStreams: before anything has been sent.
        """
        with self._desk.bells.hung(self._place.citizen) as bell:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _write(send, f"retry: {RETRY_MS}\n: welcome\n\n")
            try:
                await while_there(receive, bell, self._tell(send, bell))
            except TimeoutError:
                log.info("sync.stream_stalled")

    async def _tell(self, send: Send, bell: Bell) -> None:
        loop = asyncio.get_running_loop()
        position, quiet_since = self._place.position, loop.time()
        bell.ring()
        while not bell.over:
            rang = await bell.wait(CHECK_EVERY_S)
            if not await self._is_welcome():
                await _write(send, _event("reauth", None, {}))
                break
            text = ""
            if rang:
                text, position = await self._look(position, bell)
            if not text and loop.time() - quiet_since >= PING_EVERY_S:
                text = ": ping\n\n"
            if text:
                await _write(send, text)
                quiet_since = loop.time()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _look(self, position: Position | None, bell: Bell) -> tuple[str, Position | None]:
        """What there is to say about the changes after `position`, and the place after them."""
        try:
            if position is None:
                # News begins now: only where that is has to be said, for the day the line breaks.
                after = await self._desk.reads.now(self._place.citizen)
                bell.seen = after.seq
                return f"id: {self._desk.token(self._place, after)}\n\n", after
            kinds, after = await self._changed(position, bell)
        except PyMongoError as error:
            log.warning("sync.stream_cannot_look", error=type(error).__name__)
            # The look of every second rings again.
            bell.seen = -1
            return "", position
        if not kinds:
            return "", after
        news = StreamNews(types=[kind for kind in self._place.kinds if kind in kinds])
        return _event("changed", self._desk.token(self._place, after), news), after

    async def _changed(self, position: Position, bell: Bell) -> tuple[set[str], Position]:
        kinds, has_more = set[str](), True
        while has_more:
            place = Place(self._place.citizen, self._place.kinds, position)
            try:
                delta = await self._desk.changes(place, limit=ENTRIES_AT_ONCE)
            except SyncTokenExpired:
                # Whoever comes with an old id has to ask anyway, and hears there that they have to begin anew.
                return set(self._place.kinds), await self._desk.reads.now(self._place.citizen)
            kinds |= {entry.kind for entry in delta.entries}
            position, has_more, bell.seen = delta.after, delta.has_more, delta.number
        return kinds, position

    async def _is_welcome(self) -> bool:
        try:
            await self._welcome()
        except Problem:
            return False
        return True


def _event(name: str, token: str | None, data: Any) -> str:
    line = f"id: {token}\n" if token else ""
    return f"{line}event: {name}\ndata: {msgspec.json.encode(data).decode()}\n\n"


async def _write(send: Send, text: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
