"""What msgspec says of a broken value, as a field and a code that an app can act on. Nobody's words are said back."""

import re

import msgspec

from kernel.errors import FieldError

# Of a field that should not be there, or is not, it names the field in its sentence and points to the object around it.
_FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*)`")
_WHERE = re.compile(r"(?P<what>.*) - at `\$(?P<path>.*)`", re.DOTALL)


def field_error(pointer: str, message: str) -> FieldError:
    """What is wrong at a place; where a field is too many or missing, at that field.

    What a citizen typed is not said back, for an answer may be logged on its way: msgspec repeats a value that is not on its list.
    """
    if message.startswith(("Invalid enum value", "Invalid value")):
        return FieldError(pointer, "invalid", "Not one of the allowed values")
    named = _FIELD.fullmatch(message)
    if named is None:
        return FieldError(pointer, "invalid", message)
    code = "unknown_field" if named[1] == "contains unknown" else "missing_field"
    return FieldError(f"{pointer}/{named[2].replace('~', '~0').replace('/', '~1')}", code, message)


def fault_of(wrong: msgspec.ValidationError) -> FieldError:
    """The one thing msgspec found wrong, at its place in the value (RFC 6901)."""
    found = _WHERE.fullmatch(str(wrong))
    return field_error(pointer_of(found["path"]), found["what"]) if found else field_error("", str(wrong))


def pointer_of(path: str) -> str:
    """A path as msgspec and Litestar write it (`.items[0].name`) as a JSON pointer (RFC 6901)."""
    steps = path.replace("[", ".").replace("]", "").strip(".")
    return "/" + steps.replace(".", "/") if steps else ""
