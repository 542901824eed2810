"""The portal's table of ways to apply (cách thức thực hiện), printed with heading, rows and cells run together.

    Hình thức nộpThời gianPhí, lệ phíMô tả  Trực tuyến  7 Ngày làm việc  10,000 Việt Nam Đồng(...)  Nộp hồ sơ trực tuyến ...
    heading                                 channel     limit            fee                        note

(the gaps are drawn here, the source has none). A channel starts only where its name is followed at once by a limit cell: in
running prose a blank or a comma follows. Cells are cut, never rewritten, so every figure of the source is in exactly one piece.
"""

import re
from dataclasses import dataclass
from typing import Literal

from backend.procedures.fees import CURRENCIES, FREE, Fee, read_fee
from backend.procedures.limits import UNIT_WORDS, TimeLimit, read_limit

ChannelName = Literal["counter", "online", "post"]

CHANNELS: dict[str, ChannelName] = {"Trực tiếp": "counter", "Trực tuyến": "online", "Dịch vụ bưu chính": "post"}
HEADING = "Hình thức nộpThời gianPhí, lệ phíMô tả"
NO_INFORMATION = "Không có thông tin"

_SILENT_PRICE = rf"{FREE}|{NO_INFORMATION}"
_PRICE = rf"{_SILENT_PRICE}|[0-9][0-9,.]* (?:{CURRENCIES})"
_LIMIT = rf"[0-9]+ (?:{UNIT_WORDS})|[0-9]+(?={_SILENT_PRICE})|{NO_INFORMATION}"
# A limit cell in words ("Không phải trả kết quả cho người nộp thuế") is short and ends where the fee cell starts. Only a price
# without a figure can end it: in "Không quá 310,000 VNĐ" nobody can tell the limit's 3 from the fee's 10,000.
_WORDS = r"[^\W\d_][^\n]{0,200}?"
_CELLS = re.compile(rf"({_LIMIT})({_PRICE})|({_WORDS})({_SILENT_PRICE})")
# "1100 VNĐ" is a limit without a unit and a fee, printed as one number. 1 and 100, or 110 and 0? Nobody can tell: it is not cut.
_FUSED = rf"[0-9][0-9,]* (?:{CURRENCIES})"
_FUSED_CELLS = re.compile(_FUSED)
_START = re.compile(rf"({'|'.join(CHANNELS)})(?={_FUSED}|(?:{_LIMIT})(?:{_PRICE})|{_WORDS}(?:{_SILENT_PRICE}))")
_ENUMERATOR = re.compile(r"\((?:[ivx]{1,4}|[a-z0-9])\)")


@dataclass(frozen=True)
class Channel:
    """One row of the table: a way to apply, with its limit, its fee and the portal's remark."""

    channel: ChannelName
    time_limits: tuple[TimeLimit, ...] = ()
    fees: tuple[Fee, ...] = ()
    note: str = ""

    @property
    def unread(self) -> int:
        """How many cells of this row stayed text: limits without a unit, fees without an amount, or both cells in one number."""
        fused = not self.time_limits and not self.fees and _FUSED_CELLS.match(self.note) is not None
        return sum(limit.unit is None for limit in self.time_limits) + sum(fee.amount is None for fee in self.fees) + fused


@dataclass(frozen=True)
class ChannelTable:
    """The whole table; `rest` is what stood before the first channel and belongs to none."""

    channels: tuple[Channel, ...]
    rest: str = ""


def read_channels(text: str) -> ChannelTable:
    """Cut the table into its rows. Takes any text and never fails."""
    body = text.removeprefix(HEADING)
    starts = list(_START.finditer(body))
    ends = [*(m.start() for m in starts[1:]), len(body)]
    rows = (_read_row(CHANNELS[m[1]], body[m.end() : end]) for m, end in zip(starts, ends, strict=False))
    return ChannelTable(tuple(rows), body[: starts[0].start()].strip() if starts else body.strip())


def _read_row(channel: ChannelName, cells: str) -> Channel:
    match = _CELLS.match(cells)
    if match is None:
        return Channel(channel, note=cells.strip())
    limit, price = (match[1] or match[3]).strip(), match[2] or match[4]
    detail = _bracketed(cells[match.end() :])
    note = cells[match.end() + len(detail) :].strip()
    limits = () if limit == NO_INFORMATION else (read_limit(limit),)
    fees = () if price == NO_INFORMATION else (read_fee(price, detail),)
    # Where the fee cell is empty, brackets behind it are the beginning of the remark.
    return Channel(channel, limits, fees, note if fees else (detail + note).strip())


def _bracketed(text: str) -> str:
    """The bracket `text` begins with, to its close; empty when there is none, it never closes, or it is the `(i)` of a list."""
    if _ENUMERATOR.match(text):
        return ""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return text[: position + 1] if character == ")" else ""
    return ""
