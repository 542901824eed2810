"""From a stored row to what its reader sees."""

from datetime import datetime
from typing import Any

from litestar.di import NamedDependency
from msgspec import UNSET

from backend.agencies.queries import AgencyNames
from backend.feedback import places, queries, sla, states
from backend.feedback.actions.rate import may_rate
from backend.feedback.actions.steps import allowed_moves
from backend.feedback.categories import CATEGORIES
from backend.feedback.doors import DOORS, RATING_REASONS, REJECTIONS
from backend.feedback.routing import COMMUNES
from backend.feedback.schemas import citizen, shared
from backend.feedback.schemas.public import FollowedFeedback
from backend.feedback.sla import Promise, Terms
from backend.feedback.wording import Words
from kernel.calendar import Calendar
from kernel.http.conditional import Marks, digest
from kernel.principal import Principal
from kernel.privacy.vault import Erased

Row = dict[str, Any]
Files = dict[str, shared.FeedbackFile]

_ERASED = Words("(đã xóa)", "(erased)", "(បានលុប)")
_RATE = Words("Đánh giá", "Rate", "វាយតម្លៃ")


class FeedbackViewer:
    """Shows reports to one reader: their language, the agencies' names, the present moment."""

    def __init__(self, actor: Principal | None, language: str, agencies: AgencyNames, now: datetime, calendar: Calendar) -> None:
        self.actor, self.language, self.agencies = actor, language, agencies
        self.now, self.calendar = now, calendar
        self.marks, self.page_marks = Marks(queries.MARKED, self._changing), Marks(queries.MARKED, self.overdue)

    def copy(self, row: Row) -> citizen.FeedbackCopy:
        """A report as a phone keeps it."""
        fields = self._summary_fields(row)
        del fields["overdue"]
        return citizen.FeedbackCopy(**fields)

    def summary(self, row: Row) -> citizen.FeedbackSummary:
        return citizen.FeedbackSummary(**self._summary_fields(row))

    def whole(self, row: Row) -> citizen.FeedbackView:
        """A report as its citizen sees it."""
        return citizen.FeedbackView(
            **self._summary_fields(row),
            **self.told_fields(row),
            commune=self.commune(row["commune"]) if "commune" in row else UNSET,
            anonymous_to_staff=row["anonymous_to_staff"],
            round=row["round"],
            promises=self.promises(row),
            timeline=self.public_timeline(row["timeline"], self.files(row)),
            files=self.named(row["uploads"], self.files(row)),
            ratings=[self.rating(rating) for rating in row["ratings"]],
            allowed_actions=self._citizen_actions(row),
            follow=citizen.FollowKey(code=row["code"], secret=self.word(row["follow_secret"])) if "follow_secret" in row else UNSET,
            continued_by=self._continued(row["continued_by"][0]) if row.get("continued_by") else UNSET,
        )

    def followed(self, row: Row) -> FollowedFeedback:
        """A report as somebody sees it who holds its secret: what the citizen said is not shown."""
        office = [{**entry, "text": None} if entry["by"] == "citizen" else entry for entry in row["timeline"]]
        return FollowedFeedback(
            code=row["code"],
            category=self.category(row["category"]),
            state=self.public_state(row["state"]),
            state_at=row["state_at"],
            received_at=row["received_at"],
            promises=self.promises(row),
            timeline=self.public_timeline(office),
        )

    def state(self, name: str) -> shared.FeedbackState:
        state = states.STATES[name]
        return shared.FeedbackState(name=name, label=state.words.said(self.language), open=state.is_open, clock=state.clock)

    def public_state(self, name: str) -> shared.FeedbackState:
        """The state a citizen reads; what its clock does is the truth of the one behind it."""
        return self.state(states.STATES[name].public)

    def category(self, code: str) -> shared.CodedLabel:
        return shared.CodedLabel(code=code, label=CATEGORIES[code].words.said(self.language) if code in CATEGORIES else code)

    def commune(self, unit: str) -> shared.CodedLabel:
        return shared.CodedLabel(code=unit, label=COMMUNES[unit].name if unit in COMMUNES else unit)

    def office(self, code: str) -> shared.OfficeRef:
        return shared.OfficeRef(code=code, name=self.agencies[code])

    def word(self, opened: str | Erased) -> str:
        """What was sealed, or what is said of it once its citizen's data have been erased."""
        return opened if isinstance(opened, str) else _ERASED.said(self.language)

    def overdue(self, row: Row) -> bool:
        """Is the promise that runs now broken?"""
        return "due_at" in row and self.now > row["due_at"]

    def told_fields(self, row: Row) -> Row:
        """What the citizen told."""
        place = row.get("place")
        return {
            "text": self.word(row["text"]),
            "uploads": row["uploads"],
            "landmark": self.word(row["landmark"]) if "landmark" in row else UNSET,
            "place": self._place(place) if isinstance(place, str) else UNSET,
            "observed_at": row.get("observed_at", UNSET),
        }

    def promises(self, row: Row) -> list[shared.FeedbackPromise]:
        """Both promises of the present round; the answer's is estimated until the report has been passed on."""
        given = [Promise.model_validate(promise) for promise in row["promises"]]
        shown = [self._promise(promise) for promise in given]
        terms = Terms(kind=row["kind"], urgency=row["urgency"], received_at=row["received_at"])
        latest = sla.answer_at_the_latest(given, terms, self.calendar)
        if latest:
            shown.append(shared.FeedbackPromise(what=states.ANSWER, due_at=latest, firm=False, paused=False, overdue=False))
        return shown

    def public_timeline(self, timeline: list[Row], files: Files | None = None) -> list[shared.FeedbackStep]:
        """What happened as far as it concerns the citizen: a step that changes nothing for them and says nothing is left out."""
        shown: list[shared.FeedbackStep] = []
        for entry in timeline:
            state = self.public_state(entry["state"])
            if entry.get("text") or not shown or shown[-1].state.name != state.name:
                shown.append(self.step(entry, state, files))
        return shown

    def step(self, entry: Row, state: shared.FeedbackState, files: Files | None = None) -> shared.FeedbackStep:
        reason = REJECTIONS.get(entry.get("code", "")) or getattr(DOORS.get(entry.get("code", "")), "words", None)
        return shared.FeedbackStep(
            state=state,
            at=entry["at"],
            by=entry["by"],
            agency=self.office(entry["agency"]) if "agency" in entry else UNSET,
            officer=entry.get("officer", UNSET),
            reason=shared.CodedLabel(code=entry["code"], label=reason.said(self.language)) if reason else UNSET,
            text=self.word(entry["text"]) if entry.get("text") is not None else UNSET,
            why_no_picture=self.word(entry["why_no_picture"]) if "why_no_picture" in entry else UNSET,
            uploads=entry["uploads"],
            files=self.named(entry["uploads"], files) if files is not None else UNSET,
        )

    def files(self, row: Row) -> Files:
        """The files of a report by their uploads, each where this reader can load it."""
        staff = self.actor is not None and self.actor.kind == "staff"
        place = f"/v1/{'staff/' if staff else ''}feedback/{row['_id']}/files"
        return {one["upload"]: self._file(one["upload"], one["file"], place) for one in row.get("files", [])}

    def named(self, uploads: list[str], files: Files) -> list[shared.FeedbackFile]:
        """Those of the files that came as these uploads."""
        return [files[upload] for upload in uploads if upload in files]

    def rating(self, row: Row) -> shared.FeedbackRating:
        reasons = [(code, RATING_REASONS[code].words.said(self.language)) for code in row["reasons"] if code in RATING_REASONS]
        return shared.FeedbackRating(
            round=row["round"],
            at=row["at"],
            liked=row["liked"],
            reasons=[shared.CodedLabel(code=code, label=label) for code, label in reasons],
            may_call=row["may_call"],
            stars=row.get("stars", UNSET),
            text=self.word(row["text"]) if "text" in row else UNSET,
        )

    def actions(self, row: Row) -> list[shared.FeedbackAction]:
        """The steps this reader may take now."""
        assert self.actor
        here = self.actor.at(row.get("desk"), row.get("agency"))
        moves = allowed_moves(here, row["state"], row["category"], row.get("reopenings", 0))
        return [
            shared.FeedbackAction(name=step.name, label=states.words_of(step, self.language), requires=sorted(step.requires))
            for step in moves
        ]

    def _citizen_actions(self, row: Row) -> list[shared.FeedbackAction]:
        actions = self.actions(row)
        # The window closes on time, whether or not the clock has got round to it.
        if row["state"] == states.ANSWERED and self.now > row["state_at"] + states.REOPEN_WITHIN:
            actions = []
        if may_rate(row["state"], row["round"], [rating["round"] for rating in row["ratings"]]):
            actions.append(shared.FeedbackAction(name="rate", label=_RATE.said(self.language), requires=[]))
        return actions

    def _summary_fields(self, row: Row) -> Row:
        return {
            "id": row["_id"],
            "code": row["code"],
            "client_id": row["client_id"],
            "kind": row["kind"],
            "category": self.category(row["category"]),
            "urgency": row["urgency"],
            "state": self.public_state(row["state"]),
            "state_at": row["state_at"],
            "received_at": row["received_at"],
            "updated_at": row["updated_at"],
            "overdue": self.overdue(row),
            "version": row["version"],
            "due_at": row.get("due_at", UNSET),
        }

    def _promise(self, promise: Promise) -> shared.FeedbackPromise:
        return shared.FeedbackPromise(
            what=promise.what,
            due_at=promise.due_at,
            firm=True,
            paused=promise.paused_at is not None and promise.stopped_at is None,
            overdue=promise.overdue(self.now),
            basis=promise.basis,
            kept_at=promise.stopped_at or UNSET,
        )

    def _file(self, upload: str, file: Row, place: str) -> shared.FeedbackFile:
        return shared.FeedbackFile(
            id=upload,
            name=self.word(file["name"]),
            media_type=file["media_type"],
            size=file["size"],
            sha256=file["sha256"],
            href=f"{place}/{upload}",
        )

    def _changing(self, row: Row) -> object:
        """What a report shows that changes without anybody changing it: time passes, and other documents stand beside it."""
        late = [Promise.model_validate(promise).overdue(self.now) for promise in row["promises"]]
        too_late = self.now > row["state_at"] + states.REOPEN_WITHIN
        beside = [(one["_id"], one["version"]) for name in ("continued_by", "notes") for one in row.get(name, [])]
        return digest(self.overdue(row), late, too_late, beside)

    def _place(self, written: str) -> shared.FeedbackPlace:
        spot = places.read(written)
        accuracy = UNSET if spot.accuracy is None else spot.accuracy
        return shared.FeedbackPlace(lat=spot.lat, lon=spot.lon, accuracy=accuracy)

    def _continued(self, other: Row) -> citizen.ContinuedBy:
        answers = [entry["text"] for entry in other["timeline"] if entry["state"] == states.ANSWERED and "text" in entry]
        state = self.public_state(other["state"])
        return citizen.ContinuedBy(code=other["code"], state=state, answer=self.word(answers[-1]) if answers else UNSET)


TheFeedbackViewer = NamedDependency[FeedbackViewer]
