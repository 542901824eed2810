"""The dossier code (mã hồ sơ): agency, date received, daily sequence (Circular 03/2025/TT-VPCP; samples in domain.md B2)."""

import re
from datetime import date

from backend.dossiers.errors import CodeMalformed

_CODE = re.compile(
    r"(?P<agency>(?:\d{3}\.)?(?:\d{2}\.){1,2}[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{1,3}){0,6})-(?P<date>\d{6}|\d{8})-(?P<seq>\d{4,7})",
    re.ASCII,
)
# What phones and word processors make of a hyphen and a space.
_LOOK_ALIKES = str.maketrans({"–": "-", "—": "-", "‐": "-", "‑": "-", "\u00a0": "", " ": ""})


def normalise(raw: str) -> str:
    """The code in upper case with plain hyphens.

    Raises:
        CodeMalformed: it does not have the form, or its middle is no date.
    """
    code = raw.strip().translate(_LOOK_ALIKES).upper()
    found = _CODE.fullmatch(code)
    if not found:
        raise CodeMalformed
    digits = found["date"] if len(found["date"]) == len("yyyymmdd") else "20" + found["date"]
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as not_a_date:
        raise CodeMalformed from not_a_date
    return code
