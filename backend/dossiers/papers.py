"""Which papers a dossier has, and what each says: made from the same facts as the app shows (forms 01-06)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from backend.dossiers import forms, states
from backend.paper.letter import Letter
from kernel.clock import VIETNAM

Row = dict[str, Any]
PLACE = "Cà Mau"
TAKEN_BACK = "Công dân đề nghị rút hồ sơ và đã được chấp thuận."
NOT_SAID = "Xem tại bộ phận tiếp nhận hồ sơ."


class Paper(msgspec.Struct, frozen=True):
    """A paper that can be made: its number (`02-1` is the first of form 02), its form, and since when it exists."""

    number: str
    form: str
    issued_at: datetime

    @property
    def title(self) -> str:
        return forms.FORMS[self.form].title


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What papers are made from: the row, opened; names of agencies and words of statuses; the code for the slip."""

    row: Row
    applicant: str
    agency: Callable[[str], str]
    word: Callable[[Any], str]
    qr: Callable[[], str]


def papers_of(row: Row) -> list[Paper]:
    """Every paper of the dossier, the oldest first."""
    found = [Paper("01", "01", row["accepted_at"])] if "accepted_at" in row else []
    found += [Paper(f"02-{n}", "02", one["at"]) for n, one in enumerate(row.get("supplements", []), start=1)]
    found += [Paper(f"04-{n}", "04", one["at"]) for n, one in enumerate(row.get("prolonged", []), start=1)]
    ends = {states.NOT_ACCEPTED: "03", states.STOPPED: "05"}
    found += [Paper(form, form, last["at"]) for status, form in ends.items() if (last := _last(row, status))]
    found.append(Paper("06", "06", row["status_at"]))
    return sorted(found, key=lambda paper: (paper.issued_at, paper.number))


def letter(paper: Paper, facts: Facts) -> Letter:
    """What the paper says."""
    row = facts.row
    case = forms.Case(
        code=row["code"],
        procedure=row["procedure_name"],
        applicant=facts.applicant,
        agency=facts.agency(row["receiving_agency"] if paper.form in {"01", "02", "03"} else row["deciding_agency"]),
        place=PLACE,
        at=paper.issued_at,
    )
    index = int(paper.number.partition("-")[2] or 1) - 1
    if paper.form == "01":
        return forms.reception_slip(case, received_at=row["accepted_at"], due_at=row.get("due_at"), qr=facts.qr())
    if paper.form == "02":
        asked = row["supplements"][index]
        items = [facts.word(item["text"]) for item in asked["items"]]
        respond_by = asked["respond_by"].astimezone(VIETNAM).date() if "respond_by" in asked else None
        return forms.supplement_request(case, items=items, reason=facts.word(asked["reason"]), respond_by=respond_by)
    if paper.form == "04":
        new = row["prolonged"][index]
        return forms.apology(case, promised=new["before"], reason=facts.word(new["reason"]), new_date=new["until"])
    if paper.form == "03":
        return forms.refusal(case, reason=_reason(row, states.NOT_ACCEPTED, facts))
    if paper.form == "05":
        return forms.stop_notice(case, reason=_reason(row, states.STOPPED, facts))
    return forms.control_sheet(case, _steps(row["timeline"], facts))


def _steps(timeline: Sequence[Row], facts: Facts) -> list[forms.Step]:
    return [
        forms.Step(
            facts.agency(entry["agency"]) if "agency" in entry else "",
            states.STATUSES[entry["status"]].vi,
            entry["at"],
            entry.get("due_at"),
        )
        for entry in timeline
    ]


def _reason(row: Row, status: str, facts: Facts) -> str:
    last = _last(row, status)
    if last and "note" in last:
        return facts.word(last["note"])
    asked = any(entry["status"] == states.WITHDRAWAL_REQUESTED for entry in row["timeline"])
    return TAKEN_BACK if status == states.STOPPED and asked else NOT_SAID


def _last(row: Row, status: str) -> Row | None:
    return next((entry for entry in reversed(row["timeline"]) if entry["status"] == status), None)
