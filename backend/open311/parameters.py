"""The parameters of a question and the fields of a form, as GeoReport v2 reads them: what is empty is absent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from backend.open311.errors import FormMalformed
from kernel.errors import FieldError

MAX_FIELDS = 100
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,64})\](?:\[\])?")


@dataclass(frozen=True)
class Form:
    """What was sent: plain fields, and the values of each attribute."""

    fields: Mapping[str, str]
    attributes: Mapping[str, Sequence[str]]


def question(query: bytes) -> dict[str, str]:
    """The query's parameters; one that is declared several times is what it is with commas between.

    Raises:
        FormMalformed.
    """
    found: dict[str, list[str]] = {}
    for name, value in _pairs(query):
        found.setdefault(name, []).append(value)
    return {name: ",".join(values) for name, values in found.items()}


def form(body: bytes) -> Form:
    """The fields of a URL-encoded form; `attribute[CODE]` and `attribute[CODE][]` are attributes and may come again.

    Raises:
        FormMalformed.
    """
    fields: dict[str, str] = {}
    attributes: dict[str, list[str]] = {}
    for name, value in _pairs(body):
        if attribute := _ATTRIBUTE.fullmatch(name):
            attributes.setdefault(attribute[1], []).append(value)
        elif name in fields:
            raise FormMalformed(errors=[FieldError(name, "twice", "say it once")])
        else:
            fields[name] = value
    return Form(fields, attributes)


def several(raw: str | None) -> list[str]:
    """The values of a list with commas, each once."""
    return list(dict.fromkeys(part.strip() for part in (raw or "").split(",") if part.strip()))


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as broken:
        raise FormMalformed from broken
    return [(name, value.strip()) for name, value in pairs if value.strip()]
