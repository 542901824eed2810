"""Cursor paging: an opaque token names the last row seen, so pages stay stable while rows are added (R-B3)."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from litestar.params import QueryParameter
from msgspec import UNSET, UnsetType

from kernel.errors import FieldError, Invalid

MAX_LIMIT = 100

Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=MAX_LIMIT, description="How many items at most.")]
Cursor = Annotated[
    str | None, QueryParameter(name="cursor", max_length=512, description="`nextCursor` of the page before; absent for the first.")
]


class CursorMalformed(Invalid):
    """This cursor is not one of ours: start again without it."""

    vi = "Con trỏ trang không hợp lệ: hãy tải lại từ đầu."


def encode_cursor(*key: str | int | datetime) -> str:
    """The sort key of the last row, made opaque."""
    parts = [{"t": int(k.timestamp() * 1000)} if isinstance(k, datetime) else k for k in key]
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).rstrip(b"=").decode()


def decode_cursor(cursor: str, types: Sequence[type]) -> list[str | int | datetime]:
    """The sort key a cursor stands for; each part is checked to be of the type asked for (SEC-51).

    Raises:
        CursorMalformed: it is not a cursor, or belongs to another list.
    """
    try:
        raw = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        key = [datetime.fromtimestamp(k["t"] / 1000, UTC) if isinstance(k, dict) else k for k in raw]
    except (binascii.Error, msgspec.DecodeError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as broken:
        raise CursorMalformed(errors=[FieldError("cursor", "malformed", "not a cursor")]) from broken
    if len(key) != len(types) or not all(type(k) is t for k, t in zip(key, types, strict=True)):
        raise CursorMalformed(errors=[FieldError("cursor", "malformed", "not a cursor of this list")])
    return key


def next_cursor(cursor: str | None) -> str | UnsetType:
    """What a page says of the one after it: nothing at the end."""
    return UNSET if cursor is None else cursor
