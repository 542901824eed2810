"""From a stored row to what staff see: the work in full, the reporter behind a mask."""

from typing import Any

from msgspec import UNSET

from backend.feedback.api.views import FeedbackViewer, Files
from backend.feedback.schemas import staff
from kernel.privacy.kind import Kind

Row = dict[str, Any]


def queue_item(viewer: FeedbackViewer, row: Row) -> staff.StaffFeedbackSummary:
    """A report in a queue."""
    return staff.StaffFeedbackSummary(**_summary_fields(viewer, row))


def staff_whole(viewer: FeedbackViewer, row: Row) -> staff.StaffFeedbackView:
    """A report with everything staff may know without having to say why."""
    files = viewer.files(row)
    return staff.StaffFeedbackView(
        **_summary_fields(viewer, row),
        **viewer.told_fields(row),
        files=viewer.named(row["uploads"], files),
        reporter=_masked(row),
        suggested_agency=viewer.office(row["suggested_agency"]),
        promises=viewer.promises(row),
        timeline=[viewer.step(entry, viewer.state(entry["state"]), files) for entry in row["timeline"]],
        ratings=[viewer.rating(rating) for rating in row["ratings"]],
        notes=[_note(viewer, note) for note in row["notes"]],
        allowed_actions=viewer.actions(row),
        public_text=row["public"]["text"] if "public" in row else UNSET,
        draft=_draft(viewer, row["draft"], files) if "draft" in row else UNSET,
        escalated_at=row.get("escalated_at", UNSET),
        escalated_why=row.get("escalated_why", UNSET),
        merged_into=row.get("merged_into", UNSET),
    )


def _summary_fields(viewer: FeedbackViewer, row: Row) -> Row:
    return {
        "id": row["_id"],
        "code": row["code"],
        "kind": row["kind"],
        "category": viewer.category(row["category"]),
        "urgency": row["urgency"],
        "state": viewer.state(row["state"]),
        "state_at": row["state_at"],
        "received_at": row["received_at"],
        "desk": viewer.office(row["desk"]),
        "overdue": viewer.overdue(row),
        "nobody_on_duty": row["nobody_on_duty"],
        "escalated": "escalated_at" in row,
        "round": row["round"],
        "followers": len(row["followers"]),
        "version": row["version"],
        "agency": viewer.office(row["agency"]) if "agency" in row else UNSET,
        "officer": row.get("officer", UNSET),
        "commune": viewer.commune(row["commune"]) if "commune" in row else UNSET,
        "due_at": row.get("due_at", UNSET),
    }


def _masked(row: Row) -> staff.MaskedReporter:
    if row["anonymous_to_staff"]:
        return staff.MaskedReporter(anonymous=True)
    name, phone = row.get("reporter_name"), row.get("reporter_phone")
    return staff.MaskedReporter(
        anonymous=False,
        name=Kind.NAME.mask(name) if isinstance(name, str) else UNSET,
        phone=Kind.PHONE.mask(phone) if isinstance(phone, str) else UNSET,
    )


def _note(viewer: FeedbackViewer, note: Row) -> staff.StaffNoteView:
    agency = viewer.office(note["agency"]) if "agency" in note else UNSET
    return staff.StaffNoteView(at=note["at"], officer=note["officer"], text=viewer.word(note["text"]), agency=agency)


def _draft(viewer: FeedbackViewer, draft: Row, files: Files) -> staff.AnswerDraft:
    return staff.AnswerDraft(
        at=draft["at"],
        officer=draft["officer"],
        text=viewer.word(draft["text"]),
        uploads=draft["uploads"],
        files=viewer.named(draft["uploads"], files),
        why_no_picture=viewer.word(draft["why_no_picture"]) if "why_no_picture" in draft else UNSET,
    )
