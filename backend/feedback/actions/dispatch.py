"""The desk: what is it about, who deals with it, and what is not dealt with here."""

from contextlib import suppress
from datetime import datetime

from backend.agencies.queries import in_place_of
from backend.feedback import sla
from backend.feedback.actions.duty import look_for_somebody
from backend.feedback.actions.steps import Circumstances, check, concerned, find, record, save, worded
from backend.feedback.categories import CATEGORIES
from backend.feedback.documents import Feedback
from backend.feedback.errors import AgencyUnknown, CategoryUnknown, MergeNotPossible
from backend.feedback.events import FeedbackChanged, FeedbackEscalated
from backend.feedback.routing import agency_for
from backend.feedback.states import STATES
from kernel.clock import VIETNAM
from kernel.errors import StaleVersion
from kernel.http.preconditions import ANY_VERSION
from kernel.principal import Principal
from kernel.privacy.field import Plain

MERGE_TRIES = 8
URGENT = "urgent"


async def classify(
    actor: Principal,
    feedback_id: str,
    *,
    category: str | None,
    urgency: str | None,
    agency: str | None,
    given: Circumstances,
) -> Feedback:
    """Say what it is about and how urgent; answers it with the agency it should go to. A promise can only become shorter.

    What the desk calls urgent is before the leader at once (Decision 17/2022); what a citizen calls so, when the desk agrees.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, CategoryUnknown, AgencyUnknown, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    step = check(actor, report, "classify")
    report.category, report.urgency = category or report.category, urgency or report.urgency
    if report.category not in CATEGORIES or report.kind not in CATEGORIES[report.category].kinds:
        raise CategoryUnknown
    report.suggested_agency = await known_agency(agency, given.now) if agency else agency_for(report.category, report.commune)
    moved = record(report, step, actor, given)
    report.promises = [sla.shortened(promise, report.terms, given.calendar) for promise in report.promises]
    report.settle()
    if urgency != URGENT or report.escalated_why == URGENT:
        return await save(report, given, moved)
    report.escalated_at, report.escalated_why = given.now, URGENT
    return await save(report, given, moved, FeedbackEscalated(at=given.now, agency=report.desk, why=URGENT, **concerned(report)))


async def assign(actor: Principal, feedback_id: str, *, agency: str | None, given: Circumstances) -> Feedback:
    """Give it to an agency, the suggested one unless another is named: its promise to answer begins.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, AgencyUnknown, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    step = check(actor, report, "assign")
    report.agency = await known_agency(agency or report.suggested_agency, given.now)
    report.assignee = report.officer = None
    moved = record(report, step, actor, given, why="dispatched")
    return await save(report, given, moved, *await look_for_somebody(report, given.now))


async def turn_away(
    actor: Principal,
    feedback_id: str,
    move: str,
    *,
    reason: str,
    text: str,
    given: Circumstances,
) -> Feedback:
    """`reject` it for a reason, or `redirect` its citizen to the right door; either way in words they understand.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, WordsMissing, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    step = check(actor, report, move)
    moved = record(report, step, actor, given, text=Plain(worded(text)), code=reason)
    return await save(report, given, moved)


async def merge(actor: Principal, feedback_id: str, *, into: str, given: Circumstances) -> Feedback:
    """The same thing reported twice: this report ends, its citizen and their followers are carried along with the other.

    The other report learns of its followers first: a crash between the two leaves a follower too many, never one who hears nothing.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, MergeNotPossible, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    step = check(actor, report, "merge")
    following = [one for one in (report.reporter, *report.followers) if one]
    target = await _carry_along(actor, into, report.id, following, given)
    report.merged_into, report.followers = target.id, []
    moved = record(report, step, actor, given, code=target.code)
    merged = await save(report, given, moved)
    # What had been merged into this one is merged into the other now.
    await _lead_on(report.id, target.id, given.only(ANY_VERSION))
    return merged


async def _lead_on(before: str, to: str, given: Circumstances) -> None:
    for _ in range(MERGE_TRIES):
        followed_by_us = await Feedback.find({"merged_into": {"$eq": before}}).to_list()
        for follower in followed_by_us:
            follower.merged_into, follower.updated_at = to, max(given.now, follower.updated_at)
            with suppress(StaleVersion):
                await save(follower, given, FeedbackChanged(at=given.now, **concerned(follower)))
        if not followed_by_us:
            return


async def _carry_along(actor: Principal, into: str, own: str, following: list[str], given: Circumstances) -> Feedback:
    for _ in range(MERGE_TRIES):
        target = await find(actor, into)
        if target.id == own or not STATES[target.state].is_open:
            raise MergeNotPossible
        new = [one for one in following if one != target.reporter and one not in target.followers]
        if not new:
            return target
        target.followers = [*target.followers, *new]
        try:
            return await save(target, given.only(ANY_VERSION), FeedbackChanged(at=given.now, **concerned(target)))
        except StaleVersion:
            continue
    raise StaleVersion(id=into)


async def known_agency(code: str, now: datetime) -> str:
    """The code, or that of the agency now in its place.

    Raises:
        AgencyUnknown.
    """
    living = await in_place_of(code, now.astimezone(VIETNAM).date())
    if living is None:
        raise AgencyUnknown(agency=code)
    return living
