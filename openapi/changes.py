"""What changed between two contracts, and which of it breaks an app that is installed (R-C4).

Direction decides: an app breaks when it is answered less than it relied on, or has to send more than it knows of. A property that
goes missing from an answer breaks, one that is new there does not; a property newly required of a caller breaks, an optional one
does not; a closed list of values may grow where callers send it, and never where the server does (it is open there, R-C7). A push
(a webhook) goes the way of an answer, and its words are in the installed app, under the keys it knew (R-C8).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openapi.document import Document, media, name_of, operations, resolved

SENT, ANSWERED = "request", "answer"
# A bound on what callers send, and by which sign of the difference it becomes tighter.
BOUNDS = {
    "minLength": 1,
    "minItems": 1,
    "minimum": 1,
    "exclusiveMinimum": 1,
    "minProperties": 1,
    "maxLength": -1,
    "maxItems": -1,
    "maximum": -1,
    "exclusiveMaximum": -1,
    "maxProperties": -1,
}
# Of a push: what stands in an installed app, and not in the push.
HELD_BY_THE_APP = ("titleKey", "bodyKey", "deepLink")


@dataclass(frozen=True, order=True)
class Change:
    """One difference: where, what, and whether an installed app can break over it."""

    where: str
    what: str
    breaking: bool

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def changes(before: Document, after: Document) -> list[Change]:
    """Every difference that matters to a caller, sorted."""
    return sorted(set(_Comparison(before, after).all()))


def breaking(before: Document, after: Document) -> list[Change]:
    """Those that break an installed app."""
    return [change for change in changes(before, after) if change.breaking]


class _Comparison:
    """Two documents side by side. A pair of schemas that contain each other is looked at once a direction."""

    def __init__(self, before: Document, after: Document) -> None:
        self._before, self._after = before, after
        self._seen: set[tuple[str, str, str]] = set()

    def all(self) -> Iterator[Change]:
        old = {(path, method): operation for path, method, operation in operations(self._before)}
        new = {(path, method): operation for path, method, operation in operations(self._after)}
        for path, method in sorted(old.keys() | new.keys()):
            where = f"{method.upper()} {path}"
            if (path, method) not in new:
                yield Change(where, "removed", breaking=True)
            elif (path, method) not in old:
                yield Change(where, "added", breaking=False)
            else:
                yield from self._operation(where, old[path, method], new[path, method])
        yield from self._pushes(self._before.get("webhooks", {}), self._after.get("webhooks", {}))

    def _pushes(self, old: Document, new: Document) -> Iterator[Change]:
        for name in sorted(old.keys() | new.keys()):
            where = f"PUSH {name}"
            if name not in new:
                yield Change(where, "removed", breaking=True)
            elif name not in old:
                yield Change(where, "added", breaking=False)
            else:
                before, after = old[name]["post"], new[name]["post"]
                yield from self._contents(where, before.get("requestBody", {}), after.get("requestBody", {}), ANSWERED)
                held, holds = before.get("x-push", {}), after.get("x-push", {})
                for word in HELD_BY_THE_APP:
                    if held.get(word) != holds.get(word):
                        yield Change(f"{where} {word}", f"{holds.get(word)} instead of {held.get(word)}", breaking=True)

    def _operation(self, where: str, old: Document, new: Document) -> Iterator[Change]:
        if old["operationId"] != new["operationId"]:
            yield Change(where, f"called {new['operationId']} instead of {old['operationId']}", breaking=True)
        if not old.get("security") and new.get("security"):
            yield Change(where, "needs a token now", breaking=True)
        everybody = ["everybody"]
        lost = set(old.get("x-callers", everybody)) - set(new.get("x-callers", everybody))
        if lost - set(everybody):
            yield Change(where, f"no longer for {', '.join(sorted(lost))}", breaking=True)
        yield from self._parameters(where, old.get("parameters", []), new.get("parameters", []))
        yield from self._body(where, old.get("requestBody", {}), new.get("requestBody", {}))
        yield from self._answers(where, old["responses"], new["responses"])

    def _parameters(self, where: str, old: Iterable[Document], new: Iterable[Document]) -> Iterator[Change]:
        before, after = (_by_name(resolved(whole, p) for p in given) for whole, given in ((self._before, old), (self._after, new)))
        for key in sorted(before.keys() | after.keys()):
            at = f"{where} {key[0]} {key[1]}"
            if key not in after:
                yield Change(at, "removed", breaking=True)
            elif key not in before:
                yield Change(at, "added", breaking=bool(after[key].get("required")))
            else:
                if after[key].get("required") and not before[key].get("required"):
                    yield Change(at, "required now", breaking=True)
                yield from self._schema(at, before[key].get("schema", {}), after[key].get("schema", {}), SENT)

    def _body(self, where: str, old: Document, new: Document) -> Iterator[Change]:
        at = f"{where} {SENT}"
        if new.get("required") and not old.get("required"):
            yield Change(at, "required now", breaking=True)
        yield from self._contents(at, old, new, SENT)

    def _answers(self, where: str, old: Document, new: Document) -> Iterator[Change]:
        for status in sorted(old.keys() | new.keys()):
            at, success = f"{where} {status}", status < "400"
            if status not in new:
                yield Change(at, "removed", breaking=success)
            elif status not in old:
                yield Change(at, "added", breaking=False)
            else:
                before, after = resolved(self._before, old[status]), resolved(self._after, new[status])
                yield from self._contents(at, before, after, ANSWERED)

    def _contents(self, at: str, old: Document, new: Document, direction: str) -> Iterator[Change]:
        before, after = dict(media(old)), dict(media(new))
        for kind in sorted(before.keys() | after.keys()):
            if kind not in after:
                yield Change(f"{at} {kind}", "removed", breaking=True)
            elif kind not in before:
                yield Change(f"{at} {kind}", "added", breaking=False)
            else:
                yield from self._schema(at, before[kind].get("schema", {}), after[kind].get("schema", {}), direction)

    def _schema(self, at: str, old: Document, new: Document, direction: str) -> Iterator[Change]:
        pair = (str(old.get("$ref", "")), str(new.get("$ref", "")), direction)
        if all(pair[:2]):
            if pair in self._seen:
                return
            self._seen.add(pair)
            at = f"{at} {name_of(pair[0])}"
        old, new = resolved(self._before, old), resolved(self._after, new)
        if (old.get("type"), old.get("format")) != (new.get("type"), new.get("format")):
            yield Change(at, f"{_kind(new)} instead of {_kind(old)}", breaking=True)
            return
        yield from _values(at, old, new, direction)
        if direction == SENT:
            yield from _bounds(at, old, new)
        yield from self._properties(at, old, new, direction)
        for part in ("items", "additionalProperties"):
            if isinstance(old.get(part), dict) and isinstance(new.get(part), dict):
                yield from self._schema(f"{at}[]", old[part], new[part], direction)
        yield from self._variants(at, old, new, direction)

    def _properties(self, at: str, old: Document, new: Document, direction: str) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed_before, needed = set(old.get("required", [])), set(new.get("required", []))
        for name in sorted(before.keys() | after.keys()):
            property_at = f"{at}.{name}"
            if name not in after:
                yield Change(property_at, "removed", breaking=True)
            elif name not in before:
                yield Change(property_at, "added", breaking=direction == SENT and name in needed)
            else:
                if direction == SENT and name in needed - needed_before:
                    yield Change(property_at, "required now", breaking=True)
                if direction == ANSWERED and name in needed_before - needed:
                    yield Change(property_at, "may be absent now", breaking=True)
                yield from self._schema(property_at, before[name], after[name], direction)

    def _variants(self, at: str, old: Document, new: Document, direction: str) -> Iterator[Change]:
        before, after = ({_kind(branch): branch for branch in schema.get("oneOf", [])} for schema in (old, new))
        for kind in sorted(before.keys() | after.keys()):
            if kind not in after:
                yield Change(f"{at} {kind}", "no longer one of the variants", breaking=direction == SENT)
            elif kind not in before:
                yield Change(f"{at} {kind}", "a variant more", breaking=direction == ANSWERED)
            else:
                yield from self._schema(at, before[kind], after[kind], direction)


def _values(at: str, old: Mapping[str, Any], new: Mapping[str, Any], direction: str) -> Iterator[Change]:
    before, after = old.get("enum"), new.get("enum")
    if before is None or after is None:
        if before != after:
            closed_now = after is not None
            yield Change(at, f"a {'closed' if closed_now else 'free'} list now", breaking=closed_now == (direction == SENT))
        return
    for value in before:
        if value not in after:
            yield Change(at, f"{value!r} is no value any more", breaking=direction == SENT)
    for value in after:
        if value not in before:
            yield Change(at, f"{value!r} is a value now", breaking=direction == ANSWERED)


def _bounds(at: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for bound, tighter in BOUNDS.items():
        before, after = old.get(bound), new.get(bound)
        if before != after:
            is_tighter = after is not None and (before is None or (after - before) * tighter > 0)
            yield Change(at, f"{bound} {after} instead of {before}", breaking=is_tighter)
    if new.get("pattern") != old.get("pattern"):
        yield Change(at, f"pattern {new.get('pattern')} instead of {old.get('pattern')}", breaking="pattern" in new)
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield Change(at, "refuses a property nobody asked for", breaking=True)


def _kind(schema: Mapping[str, Any]) -> str:
    if ref := schema.get("$ref"):
        return name_of(ref)
    return " ".join(str(schema[key]) for key in ("type", "format") if key in schema) or "anything"


def _by_name(parameters: Iterable[Document]) -> dict[tuple[str, str], Document]:
    return {(parameter["in"], parameter["name"]): parameter for parameter in parameters}
