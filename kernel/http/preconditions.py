"""`If-Match`: whoever changes something says which version they saw, and is refused when it is no longer that one (R-A3, SEC-54).

A handler asks for `if_match: IfMatch` (honoured where it is given) or `must_match: MustMatch` (428 without it) and hands it to its
verb, which changes the document inside `with if_match.on(document.version):`. The comparison there says quickly what is stale; what
makes it safe is `Stored.commit`, which writes only over the version that was loaded: a clash between the two is the same 412.

An entity tag of ours is `"<version>"`, with a suffix after a hyphen for a variant (`"7-en-br"`). Only the version is compared: a
change is made to the document, not to one of its wordings.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from litestar.params import HeaderParameter

from kernel.errors import Invalid, PreconditionFailed, PreconditionRequired, StaleVersion

# RFC 9110, 8.8.3: an entity tag is opaque text in quotes, marked W/ when it is weak.
_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST = re.compile(rf"[\s,]*{_TAG}(?:\s*,[\s,]*{_TAG})*[\s,]*")
_OURS = re.compile(r'"([0-9]{1,15})(?:-[\x21\x23-\x7e\x80-\xff]*)?"')

HEADER = "If-Match"
GivenIfMatch = Annotated[
    str | None,
    HeaderParameter(
        name=HEADER,
        max_length=1_024,
        description="`ETag` of what you saw; the change is refused (412) if it is no longer that.",
    ),
]


class IfMatchMalformed(Invalid):
    """`If-Match` is a list of entity tags in quotes, or `*`."""

    vi = "Tiêu đề If-Match phải là danh sách thẻ thực thể trong dấu ngoặc kép, hoặc dấu *."


def etag_of(version: int, *variant: str) -> str:
    """The entity tag of a document at this version, in this variant (language, coding) where there are several."""
    return '"' + "-".join([str(version), *variant]) + '"'


def version_of(etag: str) -> int | None:
    """The version an entity tag of ours names, whatever its variant; None for a weak one and for what is not ours."""
    ours = _OURS.fullmatch(etag)
    return int(ours[1]) if ours else None


class Precondition:
    """What the caller knows of what they change: `versions` they would accept, None for any (`*`, or nothing was said)."""

    def __init__(self, versions: frozenset[int] | None) -> None:
        self._versions = versions

    @contextmanager
    def on(self, version: int) -> Iterator[None]:
        """Change what stands at `version` now.

        Raises:
            PreconditionFailed: the caller saw another version, or somebody wrote while we did. It names the present one.
        """
        if self._versions is not None and version not in self._versions:
            raise _failed(version)
        try:
            yield
        except StaleVersion as stale:
            if self._versions is None:
                raise
            raise _failed(stale.params.get("present")) from stale


ANY_VERSION = Precondition(None)


def _failed(present: int | None) -> PreconditionFailed:
    return PreconditionFailed(headers={} if present is None else {"etag": etag_of(present)})


def parse(if_match: str | None) -> Precondition:
    """What the header says.

    Raises:
        IfMatchMalformed.
    """
    if if_match is None or if_match.strip() == "*":
        return ANY_VERSION
    if not _LIST.fullmatch(if_match):
        raise IfMatchMalformed
    # Strong comparison (RFC 9110, 13.1.1): a weak tag matches nothing, and neither does a stranger's.
    versions = {version_of(tag) for tag in re.findall(_TAG, if_match)}
    return Precondition(frozenset(version for version in versions if version is not None))


async def if_match(given: GivenIfMatch = None) -> Precondition:
    """Honoured where it is given."""
    return parse(given)


async def must_match(given: GivenIfMatch = None) -> Precondition:
    """Demanded (RFC 6585, 3).

    Raises:
        PreconditionRequired, IfMatchMalformed.
    """
    if given is None:
        raise PreconditionRequired
    return parse(given)
