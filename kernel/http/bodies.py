"""Refuses a JSON body that is not what it says, before anything decodes it (SEC-52).

Python's own decoders take the last of two equal keys without a word and run out of stack on deep nesting; both are ways to make a
server and a reviewer read different requests. So depth and keys are checked here, once, for every route.
"""

import json
import re
from collections import Counter
from typing import Any

from litestar import Request, Response
from litestar.connection.base import AuthT, StateT, UserT
from litestar.enums import RequestEncodingType

from kernel.errors import FieldError, Invalid
from kernel.http.merge_patch import MEDIA_TYPE as MERGE_PATCH
from kernel.http.problems import ProblemView, UnsupportedMediaType, to_response

MAX_DEPTH = 64
# Brackets outside strings; a string is matched whole, so that what stands in it is passed over. One that never ends is matched to
# the end and never twice (the + of a possessive quantifier): looking again from each of its quotes would take minutes.
_SIGNS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
# A route takes the first, unless it says it takes the other.
JSON_TYPES = ("application/json", MERGE_PATCH)


class BodyMalformed(Invalid):
    """The body is not well-formed JSON."""

    vi = "Nội dung gửi lên không phải JSON hợp lệ."


class BodyTooDeep(Invalid):
    """The JSON is nested deeper than 64 levels."""

    vi = "JSON lồng quá 64 cấp."


class DuplicateKey(Invalid):
    """The same key stands twice in one JSON object."""

    vi = "Một khóa xuất hiện hai lần trong cùng một đối tượng JSON."


class CheckedRequest(Request[UserT, AuthT, StateT]):
    """A request whose JSON body has been checked by the time a handler's guard has let it in."""

    async def body(self) -> bytes:
        """The body. Forms go their own way; whatever else is read whole has to be JSON.

        Raises:
            UnsupportedMediaType, BodyTooDeep, DuplicateKey, BodyMalformed.
        """
        raw = await super().body()
        content_type = self.content_type[0]
        if not raw or content_type in (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART):
            return raw
        if content_type != (wanted := self._wanted_type()):
            # RFC 5789, 3.1: who sends a patch of the wrong kind learns which kind is right.
            raise UnsupportedMediaType(headers={"accept-patch": wanted} if self.method == "PATCH" else {})
        check_json(raw)
        return raw

    def _wanted_type(self) -> str:
        """What the route says its body is; JSON where it says nothing."""
        data = self.route_handler.parsed_fn_signature.parameters.get("data")
        declared = getattr(data.kwarg_definition, "media_type", None) if data else None
        return str(getattr(declared, "value", declared) or JSON_TYPES[0])


def form_not_text(request: Request[Any, Any, Any], _: UnicodeDecodeError) -> Response[ProblemView]:
    """For routes that take a multipart form: Litestar decodes its text parts without a thought for those that are no text."""
    return to_response(request, Invalid("A text in the form is not UTF-8."))


def check_json(raw: bytes) -> None:
    """Depth, duplicate keys and syntax.

    Raises:
        BodyTooDeep, DuplicateKey, BodyMalformed.
    """
    depth = deepest = 0
    for sign in _SIGNS.finditer(raw):
        match sign[0]:
            case b"{" | b"[":
                depth += 1
                deepest = max(deepest, depth)
            case b"}" | b"]":
                depth -= 1
    if deepest > MAX_DEPTH:
        raise BodyTooDeep
    try:
        # Decoded here, because json would guess UTF-16 by itself, in which the brackets counted above are others (RFC 8259, 8.1).
        json.loads(raw.decode(), object_pairs_hook=_unique)
    except UnicodeDecodeError as broken:
        raise BodyMalformed("The body is not UTF-8.") from broken
    except json.JSONDecodeError as broken:
        where = FieldError("", "syntax", f"{broken.msg} at line {broken.lineno} column {broken.colno}")
        raise BodyMalformed(errors=[where]) from broken
    except ValueError as broken:
        # Python refuses to read a number of more than 4,300 digits.
        raise BodyMalformed(errors=[FieldError("", "syntax", "a number is too long")]) from broken


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise DuplicateKey(errors=[FieldError("/" + twice, "duplicate_key", f"{twice!r} stands twice")])
    return found
