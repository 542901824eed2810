"""How the rows of a source system read: which column is which fact, as data. One row, the state of one dossier, becomes its events.

A row says where a dossier stands and when it was handed in, accepted, finished and returned. Each of these is an event of its own,
with an id made of what it says: the same row told again is known already, and next month's row brings only what is new.
"""

from collections.abc import Mapping as Facts
from datetime import date, datetime, time
from importlib.resources import files
from typing import Literal

import msgspec

from backend.dossiers import states
from backend.dossiers.errors import ExportRowUnreadable
from backend.dossiers.states import STATUSES
from backend.dossiers.told import Told
from kernel.calendar import CLOSING_TIME
from kernel.clock import VIETNAM
from kernel.errors import FieldError

Column = Literal[
    "dossierCode", "procedureCode", "procedureName", "personalNumber", "applicantName", "receivingAgency", "decidingAgency",
    "channel", "status", "submittedAt", "acceptedAt", "dueAt", "finishedAt", "returnedAt", "changedAt", "note",
]  # fmt: skip
ENDED = (states.FINISHED, states.RETURNED, states.STOPPED, states.NOT_ACCEPTED)
NEVER_ACCEPTED = (states.REGISTERED, states.NOT_ACCEPTED)


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source's way of writing.

    `columns` names the source's columns for a fact, the first that is there counts; `statuses` and `channels` translate its codes;
    `times` are formats of `strptime`, tried after RFC 3339. A time without a zone is Vietnam's; a due date without a time ends when
    the counter closes.
    """

    source: str
    columns: dict[Column, list[str]]
    statuses: dict[str, str]
    channels: dict[str, str] = {}
    times: list[str] = []

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.statuses.values()) - STATUSES.keys()):
            raise ValueError(f"no such status: {', '.join(unknown)}")
        if missing := sorted({"dossierCode", "status"} - self.columns.keys()):
            raise ValueError(f"no column for {', '.join(missing)}")


def national_portal() -> Mapping:
    """The national portal's field names and codes (domain.md B3)."""
    return msgspec.json.decode((files("backend.dossiers") / "data" / "national_portal.json").read_bytes(), type=Mapping)


class _Row:
    """A row's facts by our names; what is wrong with them is gathered, so that a line is told all of it at once."""

    def __init__(self, row: Facts[str, str], mapping: Mapping) -> None:
        self._row, self._mapping = row, mapping
        self.wrong: list[FieldError] = []

    def name(self, column: Column) -> str:
        """The source's own name for it."""
        named = self._mapping.columns.get(column, [])
        return next((name for name in named if self._row.get(name)), named[0] if named else column)

    def text(self, column: Column) -> str:
        return self._row.get(self.name(column), "").strip()

    def code(self, column: Column, known: dict[str, str]) -> str:
        """A code of the source, in our words."""
        raw = self.text(column)
        if raw and raw not in known:
            self._refuse(column, "unknown", f"{raw!r} is not among {', '.join(known)}")
        return known.get(raw, "")

    def moment(self, column: Column, *, without_time: time = time.min) -> datetime | None:
        raw = self.text(column)
        if not raw:
            return None
        moment = _moment(raw, self._mapping.times, without_time)
        if moment is None:
            self._refuse(column, "malformed", f"{raw!r} is not a time")
        return moment

    def needed(self, column: Column) -> str:
        if not (found := self.text(column)):
            self._refuse(column, "missing", "is empty or missing")
        return found

    def _refuse(self, column: Column, code: str, detail: str) -> None:
        self.wrong.append(FieldError(self.name(column), code, detail))


def events_of(row: Facts[str, str], mapping: Mapping) -> list[Told]:
    """What this row tells, in the order it happened.

    Raises:
        ExportRowUnreadable: names each of the source's own columns that cannot be read.
    """
    read = _Row(row, mapping)
    code, status = read.needed("dossierCode"), read.code("status", mapping.statuses)
    read.needed("status")
    channel = read.code("channel", mapping.channels)
    due_at = read.moment("dueAt", without_time=CLOSING_TIME)
    happened = _happened(read, status, online=channel == "online")
    if read.wrong:
        raise ExportRowUnreadable(errors=read.wrong)
    return [
        Told(
            source=mapping.source,
            # The national number comes first: of what happened at one moment, the later status is the later event.
            event_id=f"{STATUSES[name].code:02}/{code}/{at.isoformat()}",
            dossier_code=code,
            status=name,
            at=at.isoformat(),
            procedure_code=read.text("procedureCode"),
            procedure_name=read.text("procedureName"),
            personal_number=read.text("personalNumber") or None,
            applicant_name=read.text("applicantName"),
            receiving_agency=read.text("receivingAgency"),
            deciding_agency=read.text("decidingAgency"),
            submit_channel=channel or "counter",
            due_at=due_at.isoformat() if due_at and name == states.ACCEPTED else None,
            note=(read.text("note") or None) if name == status else None,
        )
        for name, at in happened.items()
    ]


def _happened(read: _Row, status: str, *, online: bool) -> dict[str, datetime]:
    """Which statuses a dossier has come to, and when. The present one is always among them."""
    submitted, accepted, finished = read.moment("submittedAt"), read.moment("acceptedAt"), read.moment("finishedAt")
    returned, changed = read.moment("returnedAt"), read.moment("changedAt")
    found: dict[str, datetime | None] = {}
    if online or status == states.REGISTERED:
        found[states.REGISTERED] = submitted
    if status not in NEVER_ACCEPTED:
        found[states.ACCEPTED] = accepted or submitted
    if status == states.RETURNED:
        found[states.FINISHED] = finished
    if status not in found:
        ended = returned if status == states.RETURNED else None
        found[status] = ended or (finished if status in ENDED else None) or changed
    if status and found.get(status) is None and not read.wrong:
        read.needed("acceptedAt" if status == states.ACCEPTED else "submittedAt" if status == states.REGISTERED else "changedAt")
    return {name: at for name, at in found.items() if at is not None}


def _moment(raw: str, formats: list[str], without_time: time) -> datetime | None:
    for form in formats:
        try:
            found = datetime.strptime(raw, form)  # noqa: DTZ007 - the zone is added below
        except ValueError:
            continue
        return found.replace(tzinfo=VIETNAM) if "%H" in form else datetime.combine(found, without_time, VIETNAM)
    try:
        if len(raw) == len("2026-06-15"):
            return datetime.combine(date.fromisoformat(raw), without_time, VIETNAM)
        found = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)
