"""Nothing is sent twice: a reader who has the present version is told so by 304, after one read (R-B1, RFC 9110 section 13).

A handler asks for `fresh: Fresh` and reads through it:

    row = await fresh.row(lambda shown: queries.one_dossier(reads, actor, dossier_id, shown), viewer.marks)

Where the request names a version that could still be the present one, the read is first done with the few fields versions are made
of; if they are what the reader has, the request ends there: nothing is opened by the vault, nothing is shown, nothing serialised.
Otherwise the whole is read, and its version becomes the tag of the answer. Who has nothing yet costs one read, too.

    "<version>-<variant>"              one document: `version` is the stored one, for If-Match
    "<ids and versions>-<variant>"     a list
    "<version>-<variant>-<marks>"      where the passing of time shows, such as "overdue"
    "...-zstd"                         the same, compressed (kernel.http.compression)

The variant stands for everything else the answer shows: release, language, caller, and what `depends_on` was told.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from kernel.http.answer import KEPT, KEPT_BY_THE_READER, answer_of
from kernel.http.compression import CODINGS, accepted
from kernel.http.language import preferred
from kernel.http.per_route import asked_for
from kernel.principal import Principal

Row = dict[str, Any]
Fields = Mapping[str, Any]
Page = tuple[list[Row], str | None]
Found = TypeVar("Found")

UNTAGGED = "answers_without_tag"
"""At a JSON GET that is worth no tag, with the reason: `opt={UNTAGGED: "an orchestrator's question has no copy to compare"}`."""

TAGGED_BY_ITSELF = "tags_by_itself"
"""At a JSON GET that answers `ETag` and 304 by itself, with what it goes by instead of `fresh`."""

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_CODED = re.compile(f"-({'|'.join(CODINGS)})$")


class NotModified(Exception):
    """The reader has the present version."""


@dataclass(frozen=True)
class Marks:
    """Which fields of a row a reader's copy depends on, and what is made of them beside the version."""

    shown: Fields
    of: Callable[[Row], object] = lambda _: None


VERSION = Marks({"version": 1})


class Fresh:
    """Is what the caller has still good? One for each request; for anything but a GET it only reads."""

    def __init__(self, scope: Any, release: str) -> None:
        self._answer, self._active = answer_of(scope), scope["method"] == "GET"
        self._answer.kept = scope["route_handler"].opt.get(KEPT, KEPT_BY_THE_READER)
        language = preferred(self._answer.asked.get(b"accept-language", b"").decode("latin-1"))
        self._base = _base(release, language, scope.get("user"))
        self._facts: list[object] = []
        asked = self._answer.asked
        self._known = _known_tags(asked) if b"if-none-match" in asked and self._active else []

    def depends_on(self, *facts: object) -> None:
        """The answer shows these, too; called before the read."""
        self._facts += facts

    def at(self, version: object) -> None:
        """What is about to be answered has this version, known without a read.

        Raises:
            NotModified.
        """
        if self._active:
            self._tagged(tag := f"{version}-{self._variant()}")
            self._end_if_known(tag)

    async def row(
        self,
        read: Callable[[Fields | None], Awaitable[Row]],
        marks: Marks = VERSION,
        *,
        before: Callable[[Row], Awaitable[None]] | None = None,
    ) -> Row:
        """One document, by a read that takes the fields to be shown, or None for all that it usually shows.

        `before` is awaited before the caller learns anything, and be it that nothing has changed.

        Raises:
            NotModified.
        """
        return await self.read(read, marks.shown, lambda found: _version(found, marks), before=before)

    async def page(
        self,
        read: Callable[[Fields | None], Awaitable[Page]],
        marks: Marks = VERSION,
        *,
        before: Callable[[Page], Awaitable[None]] | None = None,
    ) -> Page:
        """One page of documents, and the cursor of the next.

        Raises:
            NotModified.
        """

        def version(page: Page) -> str:
            rows, following = page
            return digest(following, *((row["_id"], row.get("version"), marks.of(row)) for row in rows))

        return await self.read(read, marks.shown, version, before=before)

    async def read(
        self,
        read: Callable[[Fields | None], Awaitable[Found]],
        shown: Fields,
        version: Callable[[Found], str],
        *,
        before: Callable[[Found], Awaitable[None]] | None = None,
    ) -> Found:
        """What `row` and `page` do, of anything: `version` says in which version something was found.

        Raises:
            NotModified.
        """
        variant = self._variant() if self._active else ""
        if self._active and self._could_be_known(variant):
            known = await read(shown)
            tag = _whole(version(known), variant)
            if self._is_known(tag):
                if before:
                    await before(known)
                self._end_if_known(tag)
        found = await read(None)
        if before:
            await before(found)
        if self._active:
            self._tagged(_whole(version(found), variant))
        return found

    def _variant(self) -> str:
        return digest(self._base, *self._facts) if self._facts else self._base

    def _tagged(self, tag: str) -> None:
        self._answer.tag = tag

    def _could_be_known(self, variant: str) -> bool:
        return any(tag == "*" or variant in tag for tag in self._known)

    def _is_known(self, tag: str) -> str | None:
        """The reader's own name for this tag."""
        return next((known for known in self._known if known == "*" or _CODED.sub("", known) == tag), None)

    def _end_if_known(self, tag: str) -> None:
        known = self._is_known(tag)
        if known is not None:
            self._end(tag if known == "*" else known)

    def _end(self, tag: str) -> NoReturn:
        # The tag of the copy the reader has: in which coding they keep it is theirs to choose.
        self._tagged(tag)
        raise NotModified


def is_conditional(handler: HTTPRouteHandler) -> bool:
    """Does a route ask for `fresh`, by itself or through something else it asks for, or do the same in another way?"""
    return "fresh" in asked_for(handler) or bool(handler.opt.get(TAGGED_BY_ITSELF))


class _Nothing(Response[None]):
    """An answer that is the same for everybody: all that differs stands on its head, which is written further out."""

    _ready = ASGIResponse(status_code=304)

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return self._ready


_NOTHING = _Nothing(None, status_code=304)


def not_modified(_: Request[Any, Any, Any], __: NotModified) -> Response[None]:
    """The answer to who has everything already."""
    return _NOTHING


def _known_tags(asked: Mapping[bytes, bytes]) -> list[str]:
    """The tags the reader names, but those of codings they would not take any more; `*` for any."""
    given = asked[b"if-none-match"].decode("latin-1")
    if given.strip() == "*":
        return ["*"]
    codings = accepted(asked)
    tags = [found[1] for found in _TAG.finditer(given)]
    coded = [(tag, _CODED.search(tag)) for tag in tags]
    return [tag for tag, coding in coded if coding is None or coding[1] in codings]


def digest(*parts: object) -> str:
    """A short name for these values: equal for equal ones, and without the `-` that tags are divided by."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def _version(row: Row, marks: Marks) -> str:
    mark = marks.of(row)
    version = row.get("version", 0)
    return f"{version}" if mark is None else f"{version}:{digest(mark)}"


def _whole(version: str, variant: str) -> str:
    number, _, mark = version.partition(":")
    return f"{number}-{variant}-{mark}" if mark else f"{number}-{variant}"


# The same few callers come again and again within minutes.
@lru_cache(maxsize=4_096)
def _base(release: str, language: str, caller: Principal | None) -> str:
    """What every answer to this reader shows: the release, in their language, what they of all people may see."""
    if caller is None:
        return digest(release, language)
    # Only what officials see depends on more than who they are.
    rights = (sorted(caller.roles), sorted(caller.agencies)) if caller.kind == "staff" else ()
    return digest(release, language, caller.kind, caller.id, rights)
