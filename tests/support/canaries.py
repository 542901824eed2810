"""Words nobody knows, and the search for them in heaps of bytes, however somebody may have written them down."""

import base64
import re
import secrets
import string
import struct
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from kernel.text import fold

BLOCK = 4096
# Nothing that is looked for in Base64 is shorter, so that no shorter run can hold it.
SHORTEST = 8
_ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % SHORTEST)
_ASCII = re.compile(r"[!-~]+")


def canary() -> str:
    """A word nobody knows, with what Vietnamese adds to an alphabet; no part of it repeats, so that no compression hides it.

    Either half is looked for by itself: six letters are in somebody's id before long, twelve are not.
    """
    letters = "".join(secrets.SystemRandom().sample(string.ascii_lowercase, 24))
    return f"{letters[:12].capitalize()}ữ{letters[12:]}"


def degrees(whole: int) -> float:
    """A place on earth that is nobody else's, to the sixth digit: within a thousandth of where it may be."""
    return float(f"{whole}.17{secrets.randbelow(1_000):03}{1 + secrets.randbelow(9)}")


class Heap:
    """Bytes to look through many times: read once, and taken apart once."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def holds(self, word: str) -> bool:
        """Is it in there: plain in any case and spelling, in UTF-16 of either order, in Base64 at any alignment?

        Its parts in ASCII are in every spelling, folded, decomposed or escaped; UTF-16 without its last byte is either order's.
        """
        plain = (form for part in _ASCII.findall(word.lower()) for form in (part.encode(), part.encode("utf-16-le")[:-1]))
        cases = {text.encode() for text in (word, word.lower(), word.upper(), fold(word))}
        return any(form in self._lowered for form in plain) or any(
            form in self._encoded for case in cases for form in _in_base64(case)
        )

    def holds_number(self, value: float) -> bool:
        """Is it in there as a binary number, as BSON or anybody else would write it?"""
        return any(struct.pack(order, value) in self.data for order in ("<d", ">d"))

    @cached_property
    def _lowered(self) -> bytes:
        return self.data.lower()

    @cached_property
    def _encoded(self) -> bytes:
        """What may be Base64: a small part of any heap, with something between that is none."""
        return b"\n".join(_ENCODED.findall(self.data))


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """As it looks inside a longer text, at each of three alignments."""
    for before in range(3):
        whole = (before + len(raw)) // 3 * 3 - before
        shown = base64.b64encode(b"\0" * before + raw[:whole])[4 if before else 0 :]
        assert len(shown) >= SHORTEST, "a shorter word would be found by chance"
        yield shown
        yield shown.translate(bytes.maketrans(b"+/", b"-_"))


def written(path: Path) -> bytes:
    """What a file holds, without the blocks nobody has written to yet: a database sets hundreds of megabytes of them aside."""
    nothing, blocks = bytes(BLOCK), []
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if block != nothing:
                blocks.append(block)
    return b"".join(blocks)


def found(words: Mapping[str, str], heaps: Mapping[str, Heap]) -> set[tuple[str, str]]:
    """Which word is in which heap."""
    return {(what, where) for where, heap in heaps.items() for what, word in words.items() if heap.holds(word)}
