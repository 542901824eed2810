"""The parameters of an OAuth request, each said once (RFC 6749, 3.1 and 3.2: "parameters MUST NOT be included more than once")."""

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.enums import RequestEncodingType

MAX_FIELDS = 40
# A client assertion is the longest thing anybody has to say here.
MAX_FORM_BYTES = 16 * 1024


class FormMalformed(ValueError):
    """It says something twice, says too much, or is no form."""


def query(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The query's parameters.

    Raises:
        FormMalformed: one stands twice, or there are too many.
    """
    return _once(request.scope["query_string"])


async def form(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The body's parameters.

    Raises:
        FormMalformed: it is not a URL-encoded form, one stands twice, or there are too many.
    """
    if request.content_type[0] != RequestEncodingType.URL_ENCODED:
        raise FormMalformed("the body has to be application/x-www-form-urlencoded")
    return _once(await request.body())


def _once(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as broken:
        raise FormMalformed("it cannot be read") from broken
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FormMalformed("a parameter stands twice")
    # RFC 6749, 3.1: "Parameters sent without a value MUST be treated as if they were omitted from the request."
    return {name: value for name, value in found.items() if value}
