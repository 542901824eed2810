"""What kinds of personal data there are, and how each is masked and called (Law 91/2025/QH15; domain.md B11)."""

from collections.abc import Callable
from enum import Enum

SHORTEST_SHOWN = 8


def _ends(raw: str, first: int = 3, last: int = 2) -> str:
    """First three and last two: `091*****78`; nothing of what is so short that this would be most of it."""
    return "*" * len(raw) if len(raw) < SHORTEST_SHOWN else raw[:first] + "*" * (len(raw) - first - last) + raw[-last:]


def _number(raw: str) -> str:
    """First four and last two: `0960******34` (SEC-46). The first three are only the province, which many share."""
    return _ends(raw, first=4)


def _initials(raw: str) -> str:
    """`Nguyễn Thị Lan` becomes `N. T. L.` and no more."""
    return " ".join(f"{word[0]}." for word in raw.split())


def _mailbox(raw: str) -> str:
    name, _, domain = raw.partition("@")
    return f"{name[:1]}***@{domain}"


def _nothing(_: str) -> str:
    return "***"


class Kind(Enum):
    """One kind of personal data: its code, what an export calls it, how it looks masked."""

    IDENTITY_NUMBER = ("identity_number", "Số định danh cá nhân", "Personal number", _number)
    NAME = ("name", "Họ và tên", "Name", _initials)
    BIRTH_DATE = ("birth_date", "Ngày sinh", "Birth date", _nothing)
    PHONE = ("phone", "Số điện thoại", "Phone", _ends)
    EMAIL = ("email", "Thư điện tử", "E-mail", _mailbox)
    ADDRESS = ("address", "Địa chỉ", "Address", _nothing)
    PLACE = ("place", "Vị trí", "Place", _nothing)
    TEXT = ("text", "Nội dung", "Text", _nothing)
    FILE_KEY = ("file_key", "Khóa tệp", "File key", _nothing)

    def __init__(self, code: str, vi: str, en: str, mask: Callable[[str], str]) -> None:
        self.code, self.vi, self.en = code, vi, en
        self._mask = mask

    def mask(self, raw: str) -> str:
        """What somebody sees who may know that it is there, but not what it is."""
        return self._mask(raw)
