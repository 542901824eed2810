"""From a stored row to its due date, explained."""

from datetime import datetime, timedelta

import icalendar
from msgspec import UNSET, UnsetType

from backend.dossiers import due, states, wording
from backend.dossiers.api.views import Row, Viewer
from backend.dossiers.documents import Promise, TimelineEntry
from backend.dossiers.errors import NoDueDate
from backend.dossiers.schemas import deadline as schemas
from kernel.calendar import UnknownYear
from kernel.clock import VIETNAM
from kernel.deadline import Day, Deadline, Extension, Pause, Unit
from kernel.http.conditional import Marks
from kernel.state_calendar import calendar_at
from kernel.working_time import ZERO, WorkingTime


class DeadlineViewer:
    """Explains due dates to one reader, at this moment."""

    def __init__(self, viewer: Viewer, language: str) -> None:
        self._viewer, self._language, self._now = viewer, language, viewer.now
        self._working = WorkingTime(calendar_at(viewer.now))
        today = self._now.astimezone(VIETNAM).date().isoformat()
        # What is left is told anew every day.
        self.marks = Marks(viewer.marks.shown, lambda row: (today, viewer.overdue(row)))

    def explained(self, row: Row) -> schemas.DeadlineView:
        """The due date with everything that made it so.

        Raises:
            UnknownYear: the count leaves the years the calendar knows.
        """
        entries = [TimelineEntry.model_validate(entry) for entry in row["timeline"]]
        counted, told = self._counted(row, entries), due.told(entries)
        source = "told" if told else "counted" if counted else "none"
        deadline = None if told else counted
        return schemas.DeadlineView(
            dossier_id=row["_id"],
            code=row["code"],
            version=row["version"],
            status=self._viewer.status(row["status"]),
            source=source,
            overdue=self._viewer.overdue(row),
            days=[self._day(day) for day in deadline.days(self._now)] if deadline else [],
            pauses=[self._pause(pause) for pause in due.pauses_of(entries)],
            extensions=[self._extension(one) for one in row.get("prolonged", [])],
            term=self._term(Promise.model_validate(row["promise"])) if "promise" in row else UNSET,
            accepted_at=row.get("accepted_at", UNSET),
            counts_from=deadline.counts_from if deadline else UNSET,
            due_at=UNSET if states.STATUSES[row["status"]].clock == "paused" else row.get("due_at", UNSET),
            remaining=self._remaining(row, deadline, entries),
            calendar=self._working.calendar.version if deadline else UNSET,
        )

    def calendar_file(self, row: Row) -> bytes:
        """The due date for the phone's calendar (RFC 5545): the code and that it is due, nothing about anybody.

        Raises:
            NoDueDate.
        """
        due_at: datetime | None = row.get("due_at")
        if due_at is None or states.STATUSES[row["status"]].clock == "paused":
            raise NoDueDate
        event = icalendar.Event()
        event.add("uid", f"dossier-{row['_id']}@motcua")
        event.add("dtstamp", row["updated_at"])
        event.add("sequence", row["version"])
        event.add("dtstart", due_at.astimezone(VIETNAM).date())
        event.add("dtend", due_at.astimezone(VIETNAM).date() + timedelta(days=1))
        event.add("summary", f"{row['code']}: hạn trả kết quả")
        event.add("transp", "TRANSPARENT")
        calendar = icalendar.Calendar()
        calendar.add("prodid", "-//Mot Cua//motcua//VI")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add_component(event)
        file: bytes = calendar.to_ical()
        return file

    def _counted(self, row: Row, entries: list[TimelineEntry]) -> Deadline | None:
        if "promise" not in row or "accepted_at" not in row:
            return None
        promise = Promise.model_validate(row["promise"])
        extensions = [Extension(one["at"], one["until"], one["document"]) for one in row.get("prolonged", [])]
        return due.counted(row["accepted_at"], promise.term, entries, self._working, extensions=extensions, cutoff=promise.closes)

    def _remaining(self, row: Row, deadline: Deadline | None, entries: list[TimelineEntry]) -> schemas.Remaining | UnsetType:
        if states.STATUSES[row["status"]].clock not in {"running", "paused"}:
            return UNSET
        unit: Unit = deadline.term.unit if deadline else "working_hours"
        if deadline:
            span = deadline.remaining(self._now)
        else:
            told = self._left_of_told(row, entries)
            if told is None:
                return UNSET
            span = told
        text = wording.left(span, unit, self._language, day=self._working.hours.day)
        return schemas.Remaining(duration=wording.duration(span), text=text)

    def _left_of_told(self, row: Row, entries: list[TimelineEntry]) -> timedelta | None:
        """Office hours until a told date, kept from the moment its clock was stopped; None where no calendar reaches."""
        if "due_at" not in row:
            return None
        pauses = due.pauses_of(entries)
        at = pauses[-1].begins if pauses and pauses[-1].ends is None else self._now
        try:
            return self._working.elapsed(at, row["due_at"]) if row["due_at"] > at else ZERO
        except UnknownYear:
            return None

    def _term(self, promise: Promise) -> schemas.TermView:
        basis = schemas.Basis(
            procedure_code=promise.procedure,
            procedure_version=promise.procedure_version,
            decision=promise.decision or UNSET,
        )
        return schemas.TermView(
            amount=promise.amount,
            unit=promise.unit,
            text=wording.term(promise.term, self._language),
            basis=basis,
            cutoff=promise.cutoff or UNSET,
        )

    def _day(self, day: Day) -> schemas.CountedDay:
        why = self._viewer.status(day.why).label if day.why in states.STATUSES else day.why
        return schemas.CountedDay(day=day.day, kind=day.kind, counted=wording.duration(day.counted), why=why or UNSET)

    def _pause(self, pause: Pause) -> schemas.PauseView:
        return schemas.PauseView(status=self._viewer.status(pause.why), begins=pause.begins, ends=pause.ends or UNSET)

    def _extension(self, one: Row) -> schemas.ExtensionView:
        return schemas.ExtensionView(
            decided_at=one["at"],
            before=one["before"],
            until=one["until"],
            document=one["document"],
            reason=self._viewer.word(one["reason"]),
        )
