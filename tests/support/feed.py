"""Dossier events as a source system tells them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from backend.app.parts import Parts
from backend.dossiers.actions.applicant import People
from backend.dossiers.told import Told
from kernel.ids import new_id
from tests.support.callers import NAMES, NUMBERS
from tests.support.officials import CENTRE, LAND_OFFICE

_numbers = count(1)


def new_code(agency: str = CENTRE) -> str:
    """A dossier code nobody has used in this process."""
    return f"{agency}-260615-{next(_numbers):07}"


def people(parts: Parts) -> People:
    """Who finds the citizens of these events."""
    return People(parts.subjects, parts.vault)


def ago(**how_long: float) -> str:
    """A moment before now, as it stands on the wire."""
    return (datetime.now(UTC) - timedelta(**how_long)).isoformat()


def event(code: str, status: str = "accepted", at: str | None = None, *, whose: str = "lan", **change: Any) -> dict[str, Any]:
    """One event on the wire; `change` replaces fields."""
    usual = {
        "source": "one-stop",
        "eventId": new_id(),
        "dossierCode": code,
        "status": status,
        "at": ago(minutes=1) if at is None else at,
        "procedureCode": "1.012786",
        "procedureName": "Đăng ký đất đai lần đầu",
        "applicant": {"personalNumber": NUMBERS[whose], "name": NAMES[whose]},
        "receivingAgency": CENTRE,
        "decidingAgency": LAND_OFFICE,
    }
    return {**usual, **change}


def told(code: str, status: str = "accepted", at: str | None = None, **change: Any) -> Told:
    """The same as the action takes it."""
    usual: dict[str, Any] = {
        "source": "one-stop",
        "event_id": new_id(),
        "dossier_code": code,
        "status": status,
        "at": ago(minutes=1) if at is None else at,
        "procedure_code": "1.012786",
        "procedure_name": "Đăng ký đất đai lần đầu",
        "personal_number": NUMBERS["lan"],
        "applicant_name": NAMES["lan"],
        "receiving_agency": CENTRE,
        "deciding_agency": LAND_OFFICE,
    }
    return Told(**{**usual, **change})
