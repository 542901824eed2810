"""The structs that cross the wire: camelCase, strict going in (SEC-50), absent instead of null going out (Q3)."""

from typing import Annotated

import msgspec
from msgspec import Meta

# RFC 9562, 5.7: a UUID of version 7, which sorts by the time it was made. Phones differ in upper and lower case: both are taken.
ClientId = Annotated[
    str,
    Meta(
        pattern="^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
        description="A UUIDv7 the app gives what it makes, also offline. Sent again, it names the same thing.",
    ),
]


class Body(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a caller sends. An unknown field is an error, so that a typing mistake is never silently lost."""


class View(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a caller gets. An optional field is `T | UnsetType = UNSET`: it is left out, never null."""
