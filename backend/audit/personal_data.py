"""What the trail holds about a citizen: who looked. An erasure leaves it: it is the proof, and names nobody."""

import base64
from datetime import datetime
from typing import Any

from backend.audit.documents import AuditTrail
from backend.audit.queries import Wanted, page_of_records
from backend.audit.vocabulary import ACTS, PURPOSES, said
from kernel.privacy.field import Sealed
from kernel.slice import PersonalData

ROWS_AT_ONCE = 500


def personal_data(trail: AuditTrail) -> PersonalData:
    """The slice's answer to an export and to an erasure."""

    async def export(subject: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            rows, cursor = await page_of_records(trail, Wanted(subject=subject), limit=ROWS_AT_ONCE, cursor=cursor)
            found += [_told(row) for row in rows]
            if cursor is None:
                return found

    async def erase(_subject: str, _now: datetime) -> int:
        # Opaque ids, names of fields, ciphertext: without the subject's key and its link to a number they lead to nobody.
        return 0

    return PersonalData(name="access_log", vi="Ai đã xem dữ liệu của tôi", en="Who looked at my data", export=export, erase=erase)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    told = {
        "at": row["at"],
        "action": said(ACTS, row["action"], "vi"),
        "object": row["object"],
        "by": row["actor"]["kind"],
        "agency": row.get("agency"),
        "fields": row["fields"],
        "purpose": said(PURPOSES, row["purpose"], "vi") if "purpose" in row else None,
        "result": row["result"],
        "changes": [_change(change) for change in row.get("changes", [])] or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _change(change: dict[str, Any]) -> dict[str, Any]:
    """The citizen's own values, still sealed: whoever puts the copy together opens them."""
    return {name: Sealed(base64.b64decode(v["sealed"])) if isinstance(v, dict) else v for name, v in change.items()}
