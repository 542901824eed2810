"""A dozen reports, each at another point of its life: the sentences, the places, and who does what with them."""

import json
import uuid
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec

CITIZEN: Literal["citizen"] = "citizen"
_NAMES = uuid.UUID("0190a9a0-0000-7000-8000-000000000000")
_PHONE = "0912 000 {number:03}"


class DemoReport(msgspec.Struct, frozen=True):
    """One report; a step is who takes it (`citizen`, or an official's login), its address, and what is sent along."""

    text: str
    category: str
    observed_hours_ago: int
    steps: tuple[tuple[str, str, dict[str, Any] | None], ...]
    kind: str = "field_report"
    urgency: str = "normal"
    commune: str | None = None
    landmark: str = ""
    anonymous: bool = False

    def body(self, number: int, name: str, now: datetime) -> dict[str, Any]:
        """What its citizen sends. The same number is the same report, so that a demo that broke off can be told again."""
        told: dict[str, Any] = {
            "clientId": client_id(number),
            "kind": self.kind,
            "category": self.category,
            "urgency": self.urgency,
            "text": self.text,
            "landmark": self.landmark,
            "observedAt": (now - timedelta(hours=self.observed_hours_ago)).isoformat(),
            "anonymousToStaff": self.anonymous,
        }
        if self.commune:
            told["commune"] = self.commune
        if not self.anonymous:
            told["contact"] = {"name": name, "phone": _PHONE.format(number=number)}
        return told


@cache
def reports() -> tuple[DemoReport, ...]:
    """All of them, in a fixed order."""
    rows = json.loads((resources.files(__package__) / "reports.json").read_text(encoding="utf-8"))
    return msgspec.convert(rows, tuple[DemoReport, ...])


def client_id(number: int) -> str:
    """A UUID of version 7 that is always the same."""
    return str(uuid.UUID(int=_NAMES.int | number))
