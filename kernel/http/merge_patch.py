"""PATCH by JSON Merge Patch (RFC 7396): what is absent stays, null clears, everything else replaces (R-A3).

A route takes `data: MergePatch[ThePatch]`. `ThePatch` is a `Body` whose every field is `T | None | UnsetType = UNSET`, so it knows
"absent" from "null" and refuses a field it does not have. `merged(present, data)` is what then should be: a struct of which every
field has a default, for that is what clearing it means. Any other content type is answered 415 with `Accept-Patch` (RFC 5789, 3.1).
"""

from typing import Annotated, Any, TypeVar

import msgspec
from litestar.params import BodyKwarg

from kernel.errors import Invalid
from kernel.http.faults import fault_of

MEDIA_TYPE = "application/merge-patch+json"

T = TypeVar("T")
Whole = TypeVar("Whole", bound=msgspec.Struct)

MergePatch = Annotated[T, BodyKwarg(media_type=MEDIA_TYPE)]


def merge(target: Any, patch: Any) -> Any:
    """The target after the patch, as plain JSON values: RFC 7396, section 2, word for word. Changes neither of them."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge(result.get(name), value)
    return result


def merged(present: Whole, patch: msgspec.Struct) -> Whole:
    """What `present` becomes by the patch; a field that was cleared has its default again.

    Raises:
        Invalid: together they make no sense, though each of them did.
    """
    wanted = merge(msgspec.to_builtins(present), msgspec.to_builtins(patch))
    try:
        return msgspec.convert(wanted, type(present))
    except msgspec.ValidationError as wrong:
        raise Invalid(errors=[fault_of(wrong)]) from wrong
