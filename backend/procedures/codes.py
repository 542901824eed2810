"""Procedure codes (mã thủ tục hành chính): a national core, perhaps the province that copied it, perhaps an online service."""

import re
from typing import NamedTuple

from backend.procedures.errors import ProcedureCodeMalformed

# domain.md B2 knows first digits 1 to 3; the national list of July 2026 also has 6, so any but 0 is taken.
_CORE = r"[1-9]\.[0-9]{6}"
_UNIT = r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}"
_CODE = re.compile(rf"(?P<core>{_CORE})(?:\.(?P<unit>{_UNIT}))?(?:\.(?P<service>[0-9]{{2}}))?")
_BEGINNING = re.compile(r"[1-9]\.[0-9]{1,6}(?:\.[0-9A-Z.]*)?")


class ProcedureCode(NamedTuple):
    """The parts of a code. Copies of one procedure in several provinces share their `core`."""

    text: str
    core: str
    unit: str | None
    service: str | None


def parse(raw: str) -> ProcedureCode:
    """Read a code, forgiving spaces around it and lower case.

    Raises:
        ProcedureCodeMalformed: it is no procedure code.
    """
    text = raw.strip().upper()
    match = _CODE.fullmatch(text)
    if match is None:
        raise ProcedureCodeMalformed
    return ProcedureCode(text, match["core"], match["unit"], match["service"])


def beginning(raw: str) -> str | None:
    """The text as the beginning of a code, for search-as-you-type; None when no code begins like that."""
    text = raw.strip().upper()
    return text if _BEGINNING.fullmatch(text) else None
