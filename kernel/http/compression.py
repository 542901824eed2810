"""Answers made smaller on the way out: zstd, Brotli or gzip, whichever the caller likes best (R-B5, RFC 9110 section 12.5.3).

Left alone are small answers, what is compressed already, files with a digest, and everything that comes in pieces: a stream is
never held back. A large answer is compressed in a thread, so that nobody else waits for it.
"""

import gzip
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import brotli
import zstandard
from anyio.to_thread import run_sync
from litestar.types import ASGIApp, Receive, Scope, Send

from kernel.http.answer import answer_of

SMALLEST: Final = 512
# From here on compressing takes longer than handing over to a thread and back.
LARGE: Final = 64 * 1024
IDENTITY: Final = "identity"

_NEVER = frozenset((b"content-encoding", b"content-range", b"repr-digest", b"content-digest"))
_TEXTUAL = (b"application/json", b"application/problem+json", b"application/geo+json", b"text/", b"image/svg+xml")
_Headers = Iterable[tuple[bytes, bytes]]

_of_this_thread = threading.local()


def _zstd(content: bytes) -> bytes:
    # A compressor belongs to one thread, and making one costs more than compressing a small answer.
    if not hasattr(_of_this_thread, "zstd"):
        _of_this_thread.zstd = zstandard.ZstdCompressor(level=3)
    compressed: bytes = _of_this_thread.zstd.compress(content)
    return compressed


def _brotli(content: bytes) -> bytes:
    compressed: bytes = brotli.compress(content, mode=brotli.MODE_TEXT, quality=5)
    return compressed


def _gzip(content: bytes) -> bytes:
    # Without the time, so that the same answer is the same bytes.
    return gzip.compress(content, compresslevel=6, mtime=0)


# The order is our own liking, for who likes them equally.
CODINGS: Final[dict[str, Callable[[bytes], bytes]]] = {"zstd": _zstd, "br": _brotli, "gzip": _gzip}


@lru_cache(maxsize=1_024)
def choices(accept_encoding: str | None) -> tuple[str, ...]:
    """What the caller takes, the best first; `identity` is among them unless it is excluded.

    Without the header there is no telling whether the caller can decode anything, so nothing is encoded.
    """
    if accept_encoding is None:
        return (IDENTITY,)
    weights = _weights(accept_encoding)
    others = weights.get("*")
    liked = {coding: weights.get(coding, others or 0.0) for coding in CODINGS}
    # "If the representation has no content coding, then it is acceptable by default unless specifically excluded" (12.5.3).
    # Where it is not named it comes last: who names a coding wants it.
    liked[IDENTITY] = weights.get(IDENTITY, 0.0 if others == 0.0 else 0.0001)
    best_first = sorted((coding for coding, q in liked.items() if q > 0), key=lambda coding: -liked[coding])
    return tuple(best_first)


def _weights(accept_encoding: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in accept_encoding.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if not name:
            continue
        q = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    q = min(max(float(parameter[2:]), 0.0), 1.0)
                except ValueError:
                    q = 0.0
        # x-gzip is gzip's former name (RFC 9110, 8.4.1.3).
        found["gzip" if name == "x-gzip" else name] = q if q == q else 0.0  # noqa: PLR0124 - NaN is no weight
    return found


def accepted(asked: Mapping[bytes, bytes]) -> tuple[str, ...]:
    """The codings this request may be answered in, the best first; `asked` are its headers."""
    accept_encoding = asked.get(b"accept-encoding")
    return choices(None if accept_encoding is None else accept_encoding.decode("latin-1"))


class Compression:
    """Compresses what is worth it, in the coding the caller likes best."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        liked = accepted(answer_of(scope).asked)
        best = liked[0] if liked else IDENTITY
        if best == IDENTITY:
            await self._app(scope, receive, send)
            return
        smallest = SMALLEST if IDENTITY in liked else 1
        started: Any = None

        async def send_compressed(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                if worth_it(message["headers"]):
                    started = message
                    return
            elif started is not None and message["type"] == "http.response.body":
                start, started = started, None
                content = message.get("body", b"")
                if not message.get("more_body") and len(content) >= smallest:
                    smaller = await _compressed(best, content)
                    start["headers"] = _relabelled(start["headers"], best, len(smaller))
                    message["body"] = smaller
                await send(start)
            await send(message)

        await self._app(scope, receive, send_compressed)


def worth_it(headers: _Headers) -> bool:
    """Is the answer text that nobody has encoded, and no stream of events?"""
    content_type = b""
    for name, value in headers:
        if name in _NEVER:
            return False
        if name == b"content-type":
            content_type = value
    return content_type.startswith(_TEXTUAL) and not content_type.startswith(b"text/event-stream")


async def _compressed(coding: str, content: bytes) -> bytes:
    encode = CODINGS[coding]
    return encode(content) if len(content) <= LARGE else await run_sync(encode, content)


def _relabelled(headers: _Headers, coding: str, length: int) -> list[tuple[bytes, bytes]]:
    """Another representation has another strong tag (RFC 9110, 8.8.3)."""
    name = coding.encode()
    relabelled = [(b"content-encoding", name), (b"content-length", b"%d" % length)]
    for header, value in headers:
        if header == b"etag" and value.endswith(b'"'):
            relabelled.append((header, value[:-1] + b"-" + name + b'"'))
        elif header != b"content-length":
            relabelled.append((header, value))
    return relabelled
