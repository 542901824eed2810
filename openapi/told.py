"""What the compiler has to be told, because the generated document does not say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ProblemFacts:
    """One kind of problem: its status, what is wrong in English, and how it looks on the wire."""

    status: int
    meaning: str
    body: Mapping[str, Any]
    says_when: bool = False
    """Does it say after how many seconds to come again (`Retry-After`)?"""


@dataclass(frozen=True)
class PushFacts:
    """One message a phone can get pushed."""

    message: str
    title: str
    body: str
    category: str
    title_key: str
    body_key: str
    urgent: bool
    ttl_s: int


@dataclass(frozen=True)
class Told:
    """Everything about the routes that is no part of their signatures. Operations go by their operationId."""

    callers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Which kinds of caller get in; nobody named means everybody."""
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The codes of the problems an operation can answer with."""
    catalogue: Mapping[str, ProblemFacts] = field(default_factory=dict)
    """Every problem by its code."""
    pushes: Sequence[PushFacts] = ()
    schemas: Mapping[str, Any] = field(default_factory=dict)
    """Component schemas no route names."""
    conditional: frozenset[str] = frozenset()
    """Reads that answer 304 to who has the present version."""
    versioned: Mapping[str, bool] = field(default_factory=dict)
    """Changes that look at `If-Match`, and whether they insist on it."""
    repeatable: Mapping[str, bool] = field(default_factory=dict)
    """Writes that look at `Idempotency-Key`, and whether they insist on it."""
    spoken: frozenset[str] = frozenset()
    """Operations whose answers are in the reader's language."""
    meanings: Mapping[str, str] = field(default_factory=dict)
    """What a component schema is, in a sentence."""
    strict: frozenset[str] = frozenset()
    """Component schemas that refuse a property nobody asked for."""
    examples: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Named examples of a schema, or of the answer of an operation that has none worth a name."""
