"""A citizen reports something: it is kept, gets its code, its desk and its promises."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from pymongo.errors import DuplicateKeyError

from backend.feedback import code as codes
from backend.feedback import states
from backend.feedback.actions.duty import look_for_somebody
from backend.feedback.actions.steps import Circumstances, attached, concerned, save
from backend.feedback.attachments import REPORT
from backend.feedback.categories import CATEGORIES
from backend.feedback.documents import Feedback, Point, TimelineEntry
from backend.feedback.doors import DOORS
from backend.feedback.errors import (
    CategoryUnknown,
    CommuneUnknown,
    ContactMissing,
    ObservedInFuture,
    PlaceWithoutConsent,
    WordsMissing,
    WrongDoor,
)
from backend.feedback.events import FeedbackReceived
from backend.feedback.places import Spot
from backend.feedback.routing import COMMUNES, RULES, agency_for
from kernel.clock import to_millis
from kernel.errors import FieldError, Unavailable
from kernel.ids import derived_id
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.text import clean

CODE_TRIES = 5
CLOCKS_DIFFER = timedelta(hours=1)
SHORTEST_TEXT = 10


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a citizen tells, still unchecked."""

    client_id: str
    kind: str
    category: str
    urgency: str
    text: str
    landmark: str = ""
    commune: str | None = None
    spot: Spot | None = None
    place_consent: bool = False
    place_consent_text: str | None = None
    uploads: list[str] = []
    observed_at: datetime | None = None
    anonymous_to_staff: bool = False
    name: str = ""
    phone: str = ""


async def send(actor: Principal, told: Told, given: Circumstances) -> Feedback:
    """Keep the report. The same client id of the same sender is the same report, however often it is sent (R-A2).

    Raises:
        WrongDoor, CategoryUnknown, CommuneUnknown, ContactMissing, PlaceWithoutConsent, ObservedInFuture, WordsMissing.
        TooManyFiles, NoLimitKnown, UnknownYear.
        ConsentTextChanged: a consent to the exact place, to a text that is not the present one.
        ProcessingRestricted: an exact place, while the citizen has had processing restricted.
    """
    # The id follows from whose it is and what they call it: sent again, it finds what its first sending made.
    feedback_id = derived_id("feedback", actor.recipient, told.client_id.lower())
    if known := await Feedback.get(feedback_id):
        known.remember()
        return known
    _check(told, given.now)
    await _ask_for_the_place(actor, told, given)
    files = await attached(actor, told.uploads, REPORT, to=feedback_id, given=given)
    for _ in range(CODE_TRIES):
        report = _new_report(actor, told, feedback_id, given)
        report.files = files
        lonely = await look_for_somebody(report, given.now)
        try:
            return await save(report, given, FeedbackReceived(at=given.now, **concerned(report)), *lonely)
        except DuplicateKeyError:
            # Sent twice at once; or, once in a blue moon, the code is taken.
            if known := await Feedback.get(feedback_id):
                return known
    raise Unavailable


def _check(told: Told, now: datetime) -> None:
    door, category = DOORS[told.kind], CATEGORIES.get(told.category)
    if not door.open_here:
        raise WrongDoor(errors=[FieldError("/kind", "wrong_door", f"{door.explanation.vi} {door.explanation.en}")])
    if category is None or told.kind not in category.kinds:
        raise CategoryUnknown(errors=[FieldError("/category", "unknown", "see /v1/feedback/categories")])
    if told.commune is not None and told.commune not in COMMUNES:
        raise CommuneUnknown(errors=[FieldError("/commune", "unknown", "not a commune of the province")])
    if told.observed_at and told.observed_at > now + CLOCKS_DIFFER:
        raise ObservedInFuture(errors=[FieldError("/observedAt", "future", "not yet")])
    if len(clean(told.text)) < SHORTEST_TEXT:
        raise WordsMissing(errors=[FieldError("/text", "too_short", "at least ten characters")])
    if not told.anonymous_to_staff and not (clean(told.name) and clean(told.phone)):
        raise ContactMissing(errors=[FieldError("/contact", "missing", "name and phone")])


async def _ask_for_the_place(actor: Principal, told: Told, given: Circumstances) -> None:
    """An exact place rests on a consent that stands already, or on the one given with this report, which stands from now on.

    What is known no better than everybody may know it needs none.
    """
    if told.spot is None or told.spot == told.spot.coarse() or await given.places.stands(actor):
        return
    if not told.place_consent:
        raise PlaceWithoutConsent(errors=[FieldError("/placeConsent", "missing", "consent to the exact place")])
    if told.place_consent_text is None:
        # A yes to an unknown text is none (SEC-76).
        raise PlaceWithoutConsent(errors=[FieldError("/placeConsentText", "missing", "`textVersion` of the text that was shown")])
    await given.places.give(actor, told.place_consent_text)


def _new_report(actor: Principal, told: Told, feedback_id: str, given: Circumstances) -> Feedback:
    secret, now = codes.new_secret(), given.now
    # Whoever is anonymous leaves nothing behind that could be unmasked.
    who: dict[str, Any] = {}
    if not told.anonymous_to_staff:
        who = {"reporter_name": Plain(clean(told.name)), "reporter_phone": Plain(clean(told.phone))}
    report = Feedback(
        id=feedback_id,
        code=codes.new_code(),
        follow_secret=Plain(secret),
        follow_hash=codes.fingerprint(secret),
        client_id=told.client_id.lower(),
        # A system that hands a report on is nobody who could be told, or erased.
        reporter=actor.recipient if actor.kind == "citizen" else None,
        anonymous_to_staff=told.anonymous_to_staff,
        **who,
        kind=told.kind,
        category=told.category,
        urgency=told.urgency,
        text=Plain(clean(told.text)),
        landmark=Plain(clean(told.landmark)) if told.landmark else None,
        place=Plain(told.spot.written()) if told.spot else None,
        spot=Point(coordinates=told.spot.public()) if told.spot else None,
        commune=told.commune,
        uploads=list(dict.fromkeys(told.uploads)),
        observed_at=to_millis(told.observed_at) if told.observed_at else None,
        received_at=now,
        updated_at=now,
        state=states.RECEIVED,
        state_at=now,
        desk=RULES.desk,
        suggested_agency=agency_for(told.category, told.commune),
    )
    first = TimelineEntry(
        at=now, move="send", state=states.RECEIVED, by="citizen", round=1, actor=actor.id, operation=given.operation
    )
    report.enter(first, given.calendar, why="received")
    return report
