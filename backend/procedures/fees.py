"""Fees (phí, lệ phí) as the national portal prints them: `10,000 Việt Nam Đồng(...)`, `Miễn phí`, `100 USD`."""

import re
from dataclasses import dataclass

from kernel.text import fold

FREE = "Miễn phí"
CURRENCIES = "VNĐ|Việt Nam Đồng|USD"

_DONG = re.compile(r"(?P<amount>[0-9]{1,3}(?:,[0-9]{3}){1,4}) (?:VNĐ|Việt Nam Đồng)")
# What stands in the brackets after "Miễn phí" when there is nothing to say.
_NOTHING = {"", "khong", "khong co", "khong quy dinh"}


@dataclass(frozen=True)
class Fee:
    """One fee in whole đồng. `text` is what the source printed; without `amount` it could not be read, and only `text` counts."""

    text: str
    amount: int | None = None


def read_fee(price: str, detail: str) -> Fee:
    """The fee that `price` and the bracketed `detail` behind it state.

    Two traps of the portal keep a fee text: "Miễn phí(Lệ phí cấp mới 40.000 đồng/lần)" is not free, and "100 VNĐ(... 100.000 đồng)"
    has lost its thousands (no fee is below 1,000 đồng, so an amount without a thousands separator is never believed).
    """
    text = price + detail
    if price == FREE:
        nothing = fold(detail).strip("( ).") in _NOTHING
        return Fee(text, 0 if nothing else None)
    if match := _DONG.fullmatch(price):
        return Fee(text, int(match["amount"].replace(",", "")))
    return Fee(text)
