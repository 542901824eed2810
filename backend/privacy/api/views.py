"""From a stored row to what its reader sees."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, UnsetType

from backend.privacy import schemas, states
from backend.privacy.purposes import Purpose
from backend.privacy.states import ERASURE, RIGHT
from kernel.http.conditional import Marks
from kernel.machine import Machine
from kernel.mongo.reads import Row
from kernel.privacy.vault import Erased

EXPORTS = "/v1/me/exports"
Labels = dict[str, tuple[str, str]]


def consent(purpose: Purpose, decision: Row | None, language: str) -> schemas.ConsentView:
    """A purpose with the citizen's last decision on it."""
    wording, asked = purpose.wording(language), purpose.basis == "consent"
    current = decision is not None and decision["text_version"] == purpose.text_version
    return schemas.ConsentView(
        purpose=purpose.key,
        title=wording.title,
        text=wording.text,
        basis=purpose.basis,
        article=purpose.article,
        text_version=purpose.text_version,
        granted=bool(decision and decision["granted"] and current) if asked else UNSET,
        decided_at=decision["at"] if decision else UNSET,
        outdated=decision is not None and not current,
    )


def erasure(row: Row, language: str) -> schemas.ErasureView:
    """A request, for the citizen; its reasons have been opened."""
    return schemas.ErasureView(
        **_dated(row, states.LABELS, language),
        **_answered(row, ERASURE),
        waits_until=row.get("waits_until", UNSET),
        open_cases=row["open_cases"],
    )


def staff_erasure(row: Row, language: str, now: datetime) -> schemas.StaffErasureView:
    """A request, for an administrator."""
    return schemas.StaffErasureView(
        **_dated(row, states.LABELS, language),
        late=_late(row, now),
        allowed_actions=_allowed(row, ERASURE),
        open_cases=row["open_cases"],
        waits_until=row.get("waits_until", UNSET),
    )


def data_request(row: Row, language: str) -> schemas.DataRequestView:
    """A request about personal data, for the citizen; what was written has been opened."""
    return schemas.DataRequestView(
        **_dated(row, states.RIGHT_LABELS, language),
        **_answered(row, RIGHT),
        kind=row["kind"],
        wish=_word(row, "wish"),
        purpose=row.get("purpose", UNSET),
    )


def staff_data_request(row: Row, language: str, now: datetime) -> schemas.StaffDataRequestView:
    """A request about personal data, for an administrator."""
    ends = {states.FULFIL, states.RESTRICT} - {states.carried_out_by(row["kind"])}
    return schemas.StaffDataRequestView(
        **_dated(row, states.RIGHT_LABELS, language),
        kind=row["kind"],
        wish=_word(row, "wish"),
        purpose=row.get("purpose", UNSET),
        late=_late(row, now),
        allowed_actions=[act for act in _allowed(row, RIGHT) if act not in ends],
    )


def _dated(row: Row, labels: Labels, language: str) -> dict[str, Any]:
    """What every request shows to everybody: which it is, where it stands, its clocks."""
    vi, en = labels[row["state"]]
    return {
        "id": row["_id"],
        "label": vi if language == "vi" else en,
        **{name: row[name] for name in ("state", "requested_at", "acknowledge_by", "due_by")},
        **{name: row.get(name, UNSET) for name in ("extended_at", "closed_at")},
    }


def _answered(row: Row, machine: Machine) -> dict[str, Any]:
    """What every request shows to its citizen: the answers, and whether there is a way back."""
    back = any(move.name == "take_back" for move in machine.from_state(row["state"]))
    return {"can_take_back": back, **{name: _word(row, name) for name in ("extension_reason", "reason")}}


def _allowed(row: Row, machine: Machine) -> list[str]:
    """What an administrator may do with it."""
    moves = [move.name for move in machine.from_state(row["state"]) if "administrator" in move.by]
    more_time = "extended_at" not in row and states.may_extend(machine, row["state"])
    return [*moves, "extend"] if more_time else moves


def _late(row: Row, now: datetime) -> bool:
    promised = row["acknowledge_by"] if row["state"] == states.REQUESTED else row["due_by"]
    return row["state"] not in {*states.ENDS, states.IN_FORCE} and now > promised


def staff_marks(now: datetime) -> Marks:
    """By what a copy of a request is told from the present one, for an administrator."""
    shown = dict.fromkeys(("version", "state", "requested_at", "acknowledge_by", "due_by"), 1)
    return Marks(shown, lambda row: _late(row, now))


def export_marks(now: datetime) -> Marks:
    """By what a copy of an export is told from the present one."""
    return Marks({"version": 1, "state": 1, "expires_at": 1}, lambda row: _ready(row, now))


def _ready(row: Row, now: datetime) -> bool:
    return bool(row["state"] == states.READY and now < row["expires_at"])


def export(row: Row, now: datetime) -> schemas.ExportView:
    """An export with the way to it while there is one."""
    ready = _ready(row, now)
    return schemas.ExportView(
        id=row["_id"],
        state=states.EXPIRED if row["state"] == states.READY and not ready else row["state"],
        requested_at=row["requested_at"],
        due_by=row.get("due_by", UNSET),
        expires_at=row.get("expires_at", UNSET),
        taken_at=row.get("taken_at", UNSET),
        href=f"{EXPORTS}/{row['_id']}/file" if ready else UNSET,
    )


def _word(row: Row, field: str) -> str | UnsetType:
    value = row.get(field, UNSET)
    return UNSET if isinstance(value, Erased) else value
