"""The structs that cross the wire: camelCase, strict going in (SEC-50), absent instead of null going out (Q3)."""

import msgspec


class Body(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a caller sends. An unknown field is an error, so that a typing mistake is never silently lost."""


class View(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a caller gets. An optional field is `T | UnsetType = UNSET`: it is left out, never null."""
