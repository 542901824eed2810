"""Which coding is chosen (RFC 9110, 12.5.3), what is left alone, and that others can read what we wrote."""

import asyncio
import zlib
from typing import Any

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis.strategies import dictionaries, floats, lists, permutations, sampled_from, text

from kernel.http.answer import Answer, by_name
from kernel.http.compression import CODINGS, IDENTITY, LARGE, SMALLEST, Compression, choices

OURS = (*CODINGS, IDENTITY)
TEXT = ("Hồ sơ đã được tiếp nhận. " * 60).encode()
DECODERS = {
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    "br": brotli.decompress,
    "gzip": lambda body: zlib.decompress(body, wbits=31),
}


@pytest.mark.proves("R-B5")
@pytest.mark.parametrize(
    ("header", "best"),
    [
        (None, IDENTITY),
        ("", IDENTITY),
        ("identity", IDENTITY),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0.5,gzip;q=0.8,zstd;q=0", "gzip"),
        ("zstd;q=0, br;q=0, gzip;q=0", IDENTITY),
        ("*", "zstd"),
        ("*;q=0", None),
        ("*;q=0, gzip", "gzip"),
        ("*;q=0, identity", IDENTITY),
        ("gzip;q=0, *", "zstd"),
        ("zstd;q=0, *;q=0.3", "br"),
        ("identity;q=0", None),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=0.5, identity", IDENTITY),
        ("gzip;q=0.5, identity;q=0.4", "gzip"),
        ("deflate, compress", IDENTITY),
        ("gzip;q=nonsense", IDENTITY),
        ("gzip ; q=0.7 , br ; q=0.6", "gzip"),
        ("gzip;q=nan", IDENTITY),
        (",,gzip,,", "gzip"),
    ],
)
def test_the_best_coding_for_a_header(header: str | None, best: str | None) -> None:
    assert next(iter(choices(header)), None) == best


@pytest.mark.proves("R-B5")
@given(dictionaries(sampled_from([*OURS, "deflate", "*"]), floats(0, 1).map(lambda q: round(q, 3)), min_size=1))
def test_what_is_excluded_is_never_chosen_and_nothing_better_is_passed_over(weights: dict[str, float]) -> None:
    chosen = choices(", ".join(f"{coding};q={q}" for coding, q in weights.items()))

    def weight(coding: str) -> float:
        if coding in weights:
            return weights[coding]
        # RFC 9110: the identity coding is acceptable unless excluded by name or by `*;q=0`; unnamed, it comes last.
        return weights.get("*", 0.0) if coding != IDENTITY else (0.0 if weights.get("*") == 0 else 0.0001)

    assert set(chosen) == {coding for coding in OURS if weight(coding) > 0}
    assert [weight(coding) for coding in chosen] == sorted((weight(coding) for coding in chosen), reverse=True)


@given(permutations(["gzip;q=0.9", "br;q=0.8", "zstd;q=0.7", "identity;q=0"]))
def test_the_order_of_a_header_means_nothing(parts: list[str]) -> None:
    assert choices(",".join(parts)) == ("gzip", "br", "zstd")


@given(text())
def test_no_header_is_too_strange(header: str) -> None:
    assert set(choices(header)) <= set(OURS)


async def answered(asked: str | None, *bodies: bytes, **headers: str) -> tuple[dict[str, str], bytes, list[str]]:
    """Headers, body and kinds of messages as they leave, for an app that sends these bodies."""
    sent: list[Any] = []
    request = [(b"accept-encoding", asked.encode())] if asked is not None else []

    async def app(_: Any, __: Any, send: Any) -> None:
        told = {"content-type": "application/json", "etag": '"7-a"', **{k.replace("_", "-"): v for k, v in headers.items()}}
        encoded = [(name.encode(), value.encode()) for name, value in told.items()]
        await send({"type": "http.response.start", "status": 200, "headers": encoded})
        for number, body in enumerate(bodies, 1):
            await send({"type": "http.response.body", "body": body, "more_body": number < len(bodies)})
            sent.append("flushed")

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {"type": "http", "headers": request, "state": {"answer": Answer("t", by_name(request))}}
    await Compression(app)(scope, None, send)  # type: ignore[arg-type]
    messages = [message for message in sent if isinstance(message, dict)]
    start = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    kinds = [message if isinstance(message, str) else message["type"] for message in sent]
    return start, b"".join(message.get("body", b"") for message in messages[1:]), kinds


@pytest.mark.proves("R-B5")
@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("size", [SMALLEST, 2_000, LARGE + 1, 400_000])
async def test_others_read_what_we_wrote(coding: str, size: int) -> None:
    body = (TEXT * (size // len(TEXT) + 1))[:size]
    headers, sent, _ = await answered(coding, body)
    assert headers["content-encoding"] == coding
    assert DECODERS[coding](sent) == body
    assert int(headers["content-length"]) == len(sent) < size
    assert headers["etag"] == f'"7-a-{coding}"'


@pytest.mark.proves("R-B5")
@pytest.mark.parametrize(
    ("headers", "bodies"),
    [
        ({}, [b"x" * (SMALLEST - 1)]),
        ({}, [b""]),
        ({"content_type": "text/event-stream"}, [TEXT]),
        ({"content_type": "application/octet-stream"}, [TEXT]),
        ({"content_type": "image/png"}, [TEXT]),
        ({"content_type": "application/pdf"}, [TEXT]),
        ({"content_encoding": "gzip"}, [TEXT]),
        ({"repr_digest": "sha-256=:AAAA:"}, [TEXT]),
        ({"content_range": "bytes 0-9/100"}, [TEXT]),
    ],
    ids=["small", "empty", "events", "octets", "picture", "pdf", "encoded", "with digest", "range"],
)
async def test_what_is_not_worth_it_is_left_as_it_is(headers: dict[str, str], bodies: list[bytes]) -> None:
    told, sent, _ = await answered("zstd, br, gzip", *bodies, **headers)
    assert (sent, told["etag"]) == (b"".join(bodies), '"7-a"')
    assert told.get("content-encoding") == headers.get("content_encoding")


@pytest.mark.proves("R-B5")
@given(lists(sampled_from([b"", TEXT, b"data: x\n\n"]), min_size=2, max_size=5))
def test_a_stream_is_never_held_back(bodies: list[bytes]) -> None:
    headers, sent, kinds = asyncio.run(answered("zstd", *bodies))
    assert sent == b"".join(bodies)
    assert "content-encoding" not in headers
    assert kinds == ["http.response.start", *["http.response.body", "flushed"] * len(bodies)]


async def test_who_takes_no_identity_gets_even_little_encoded() -> None:
    headers, sent, _ = await answered("gzip, identity;q=0", b"{}")
    assert (headers["content-encoding"], DECODERS["gzip"](sent)) == ("gzip", b"{}")


async def test_an_answer_is_the_same_bytes_every_time() -> None:
    for coding in CODINGS:
        assert (await answered(coding, TEXT))[1] == (await answered(coding, TEXT))[1]
