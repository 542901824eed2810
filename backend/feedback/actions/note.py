"""What staff write to each other about a report. It never comes near a citizen: another document, another struct."""

from contextlib import suppress

from pymongo.errors import DuplicateKeyError

from backend.feedback.actions.steps import Circumstances, find, worded
from backend.feedback.documents import Draft, Feedback, StaffNote
from kernel.errors import Gone
from kernel.principal import Principal
from kernel.privacy.errors import SubjectErased
from kernel.privacy.field import Plain

SHORTEST_NOTE = 2


async def write_note(actor: Principal, feedback_id: str, text: str, given: Circumstances) -> Feedback:
    """Add a note; answers the report it is about.

    Raises:
        FeedbackNotFound, WordsMissing.
    """
    report = await find(actor, feedback_id)
    await add_note(actor, report, worded(text, at_least=SHORTEST_NOTE), given)
    return report


async def add_note(actor: Principal, report: Feedback, text: str, given: Circumstances, *, returned: Draft | None = None) -> None:
    """Keep a note; with `returned`, a second one that keeps the words of an answer that did not go out.

    Raises:
        Gone: the reporter's data have just been erased.
    """
    common = {
        "feedback": report.id,
        "subject": report.reporter,
        "at": given.now,
        "author": actor.id,
        "agency": report.agency or report.desk,
    }
    # Sent again it is the same note.
    named = {"id": given.operation} if given.operation else {}
    notes = [StaffNote(**common, **named, officer=actor.name, text=Plain(text))]
    if returned:
        # Sealed under the reporter's key already.
        notes.append(StaffNote(**common, officer=returned.officer, text=returned.text))
    try:
        for note in notes:
            with suppress(DuplicateKeyError):
                await note.commit()
    except SubjectErased as erased:
        raise Gone from erased
