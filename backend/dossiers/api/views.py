"""From a stored row to what its reader sees."""

from datetime import datetime
from typing import Any

import msgspec
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from msgspec import UNSET

from backend.agencies.queries import AgencyNames
from backend.dossiers import queries, states
from backend.dossiers.actions.steps import allowed_moves, may
from backend.dossiers.limits import EXTENSIONS, FREE_SUPPLEMENTS
from backend.dossiers.rating import RATABLE, REASONS, editable_until
from backend.dossiers.schemas import dossiers as schemas
from backend.dossiers.states import EXTEND
from kernel.http.conditional import Marks
from kernel.machine import Move
from kernel.principal import Principal
from kernel.privacy.vault import Erased

Row = dict[str, Any]

_COUNTED_LATE = {
    True: "Đã yêu cầu bổ sung hơn một lần: chỉ số 2.1 tính hồ sơ này là trễ hạn.",
    False: "Papers were asked for more than once: indicator 2.1 counts this dossier as late.",
}


def status_view(name: str, *, vietnamese: bool) -> schemas.StatusView:
    """A status with its label."""
    status = states.STATUSES[name]
    return schemas.StatusView(name=name, code=status.code, label=status.vi if vietnamese else status.en, clock=status.clock)


def is_overdue(row: Row, now: datetime) -> bool:
    """Is it late at `now`? Derived, never stored."""
    due_at, running = row.get("due_at"), states.STATUSES[row["status"]].clock == "running"
    return bool(running and due_at and now > due_at)


class Viewer:
    """Shows dossiers to one reader: their language, the agencies' names, the present moment."""

    def __init__(self, actor: Principal, language: str, agencies: AgencyNames, now: datetime) -> None:
        self.actor, self.vietnamese, self.agencies, self.now = actor, language != "en", agencies, now
        self.marks = Marks(queries.MARKED, self.overdue)

    def summary(self, row: Row) -> schemas.DossierSummary:
        return schemas.DossierSummary(**self._summary_fields(row))

    def staff_summary(self, row: Row) -> schemas.StaffDossierSummary:
        return schemas.StaffDossierSummary(**self._summary_fields(row), applicant_name=self.word(row.get("applicant_name", "")))

    def copy(self, row: Row) -> schemas.DossierCopy:
        fields = self._summary_fields(row)
        del fields["overdue"]
        return schemas.DossierCopy(
            **fields,
            receiving_agency=self.agency(row["receiving_agency"]),
            accepted_at=row.get("accepted_at", UNSET),
            finished_at=row.get("finished_at", UNSET),
        )

    def whole(self, row: Row) -> schemas.DossierView:
        return schemas.DossierView(**self._whole_fields(row, "/v1/dossiers"), may_rate=row["status"] in RATABLE)

    def staff_whole(self, row: Row) -> schemas.StaffDossierView:
        fields = self._whole_fields(row, "/v1/staff/dossiers")
        warnings = [_COUNTED_LATE[self.vietnamese]] if len(row.get("supplements", [])) > FREE_SUPPLEMENTS.amount else []
        return schemas.StaffDossierView(**fields, applicant_name=self.word(row.get("applicant_name", "")), warnings=warnings)

    def status(self, name: str) -> schemas.StatusView:
        return status_view(name, vietnamese=self.vietnamese)

    def word(self, opened: str | Erased) -> str:
        """What was sealed, or what is said of it once its citizen's data have been erased."""
        if isinstance(opened, str):
            return opened
        return "(đã xóa)" if self.vietnamese else "(erased)"

    def agency(self, code: str) -> schemas.AgencyRef:
        return schemas.AgencyRef(code=code, name=self.agencies[code])

    def _summary_fields(self, row: Row) -> Row:
        return {
            "id": row["_id"],
            "code": row["code"],
            "procedure_code": row["procedure_code"],
            "procedure_name": row["procedure_name"],
            "status": self.status(row["status"]),
            "status_at": row["status_at"],
            "deciding_agency": self.agency(row["deciding_agency"]),
            "has_result": "result" in row,
            "version": row["version"],
            "due_at": row.get("due_at", UNSET),
            "overdue": self.overdue(row),
        }

    def overdue(self, row: Row) -> bool:
        """The one thing a dossier shows that changes without anybody changing it."""
        return is_overdue(row, self.now)

    def _moves(self, row: Row) -> list[Move]:
        return allowed_moves(self.actor.at(row["receiving_agency"], row["deciding_agency"]), row["status"])

    def _whole_fields(self, row: Row, path: str) -> Row:
        return {
            **self._summary_fields(row),
            "submit_channel": row["submit_channel"],
            "receiving_agency": self.agency(row["receiving_agency"]),
            "timeline": [self._entry(entry) for entry in row["timeline"]],
            "allowed_actions": [self._action(step) for step in self._moves(row)] + self._new_date(row),
            "supplements": [self._supplement(n, one) for n, one in enumerate(row.get("supplements", []), start=1)],
            "accepted_at": row.get("accepted_at", UNSET),
            "finished_at": row.get("finished_at", UNSET),
            "result": self._result(row["result"], f"{path}/{row['_id']}/result") if "result" in row else UNSET,
            "rating": self._rating(row["rating"]) if "rating" in row else UNSET,
        }

    def _entry(self, entry: Row) -> schemas.TimelineItem:
        return schemas.TimelineItem(
            status=self.status(entry["status"]),
            at=entry["at"],
            agency=self.agency(entry["agency"]) if "agency" in entry else UNSET,
            note=self.word(entry["note"]) if "note" in entry else UNSET,
            irregular=entry["irregular"],
        )

    def _action(self, step: Move) -> schemas.AllowedAction:
        label = step.vi if self.vietnamese else step.en
        return schemas.AllowedAction(name=step.name, label=label, to=step.target, needs_reason=step.needs_reason)

    def _supplement(self, number: int, one: Row) -> schemas.SupplementView:
        items = [
            schemas.SupplyItemView(
                number=n,
                text=self.word(item["text"]),
                files=[file["id"] for file in item["files"]],
                supplied_at=item.get("supplied_at", UNSET),
            )
            for n, item in enumerate(one["items"], start=1)
        ]
        return schemas.SupplementView(
            number=number,
            at=one["at"],
            reason=self.word(one["reason"]),
            items=items,
            respond_by=one.get("respond_by", UNSET),
            supplied_at=one.get("supplied_at", UNSET),
        )

    def _new_date(self, row: Row) -> list[schemas.AllowedAction]:
        """A new date may be set by an approver, as often as the rule allows, while the clock runs."""
        running = row["status"] in EXTEND.sources and "due_at" in row
        if not running or not may(self.actor, EXTEND) or len(row.get("prolonged", [])) >= EXTENSIONS.amount:
            return []
        return [msgspec.structs.replace(self._action(EXTEND), to=row["status"])]

    def _rating(self, rating: Row) -> schemas.DossierRatingView:
        reasons = [(code, REASONS[code]) for code in rating["reasons"]]
        return schemas.DossierRatingView(
            stars=rating["stars"],
            reasons=[schemas.RatingReason(code=code, label=one.vi if self.vietnamese else one.en) for code, one in reasons],
            at=rating["at"],
            editable_until=editable_until(rating["at"]),
            text=self.word(rating["text"]) if "text" in rating else UNSET,
        )

    def _result(self, file: Row, href: str) -> schemas.ResultView:
        return schemas.ResultView(
            name=self.word(file["name"]),
            media_type=file["media_type"],
            size=file["size"],
            sha256=file["sha256"],
            published_at=file["stored_at"],
            href=href,
        )


TheViewer = NamedDependency[SkipValidation[Viewer]]
