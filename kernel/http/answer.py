"""What is said on the head of every answer, in one place.

Whoever handles a request notes here what the answer depends on (`answer_of(scope)`); `AnswerHead` writes it when the answer starts.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kernel.ids import new_id

# An answer is another one for another coding, language or caller (R-B1).
VARY: Final = b"Accept-Encoding, Accept-Language, Authorization"
# Kept by the phone that asked and by nobody else, and shown again only after asking us (RFC 9111, 5.2.2.4 and 5.2.2.7).
KEPT_BY_THE_READER: Final = b"private, no-cache"
# By everybody on the way, for some minutes, without asking: the way to say so of a route is `opt=kept_by_everybody(minutes=5)`.
KEPT: Final = "kept"
# Unless a route says otherwise, nothing is kept (SEC-80).
KEPT_BY_NOBODY: Final = b"no-store"


def kept_by_everybody(*, minutes: int) -> dict[str, bytes]:
    """For what is the same for everybody and changes seldom."""
    return {KEPT: b"public, max-age=%d" % (minutes * 60)}


class Answer:
    """What has been noted about the answer of one request."""

    __slots__ = ("asked", "kept", "language", "more", "tag", "trace_id")

    def __init__(self, trace_id: str, asked: Mapping[bytes, bytes]) -> None:
        self.trace_id = trace_id
        self.asked = asked
        """The request's headers by name."""
        self.tag: str | None = None
        """The entity tag, without quotes; set by `kernel.http.conditional`."""
        self.kept = KEPT_BY_THE_READER
        """Who may keep what has a tag, and for how long."""
        self.language: str | None = None
        """Set by whoever chose the reader's language."""
        self.more: list[tuple[bytes, bytes]] = []
        """Any other header, in lower case."""


def by_name(headers: Sequence[tuple[bytes, bytes]]) -> Mapping[bytes, bytes]:
    """Headers by name, those that stand several times as the list they are (RFC 9110, 5.3)."""
    found = dict(headers)
    if len(found) != len(headers):
        found = {}
        for name, value in headers:
            found[name] = found[name] + b", " + value if name in found else value
    return found


def answer_of(scope: Any) -> Answer:
    """The answer to this request, as far as it has been noted."""
    state = scope["state"]
    if "answer" not in state:
        # A part of the house is served by itself, without its edge: what is noted is not written anywhere.
        state["answer"] = Answer(new_id(), by_name(scope["headers"]))
    noted: Answer = state["answer"]
    return noted


class AnswerHead:
    """Writes the headers every answer has: the trace id, what it varies by, who may keep it, its tag and language."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = answer_of(scope)

        async def send_with_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = written(answer, message["status"], list(message["headers"]))
            await send(message)

        await self._app(scope, receive, send_with_head)


def written(answer: Answer, status: int, headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer of this status, with what has been noted; what a route said itself stands."""
    said = dict(headers)
    kept = list(headers)
    if (vary := said.get(b"vary")) is not None:
        kept = [header for header in headers if header[0] != b"vary"]
    kept.append((b"vary", VARY if vary is None else VARY + b", " + vary))
    tagged = answer.tag is not None and status in (200, 304)
    if tagged and b"etag" not in said:
        kept.append((b"etag", f'"{answer.tag}"'.encode()))
    if b"cache-control" not in said:
        kept.append((b"cache-control", answer.kept if tagged else KEPT_BY_NOBODY))
    # RFC 9110, 15.4.5: a 304 repeats what caches go by, and nothing else of what it said about the content.
    if answer.language is not None and status != 304 and b"content-language" not in said:
        kept.append((b"content-language", answer.language.encode()))
    kept.append((b"x-trace-id", answer.trace_id.encode()))
    # Where nothing has changed, neither has the policy: every byte counts on a weak network.
    kept += answer.more if status != 304 else [header for header in answer.more if header[0] != b"ratelimit-policy"]
    return kept
