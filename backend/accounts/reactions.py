"""Tell a citizen of what happens to their sign-ins; take the push target of a session that has ended (SEC-29, SEC-32, SEC-35)."""

from auth.documents import Person, Session
from auth.events import ActForStarted, NewDevice, SessionEnded
from kernel.slice import on
from notifications.inbox.post import Notices
from notifications.notice import Notice
from notifications.targets.register import hand_over

DEVICES, DELEGATIONS = "/account/devices", "/account/delegations"

# What somebody has done themselves is no news to them.
MESSAGES = {
    "refresh_token_reused": "account.token_reused",
    "code_replayed": "account.token_reused",
    "too_many_sessions": "account.signed_out",
    "locked_by_person": "account.locked",
}


@on(NewDevice)
async def tell_of_the_new_device(event: NewDevice, notices: Notices) -> None:
    """So that an owner who was not there can end the session or lock the account."""
    await _tell(event.session_id, "account.new_device", event.id, notices)


@on(ActForStarted)
async def tell_who_acts_for_them(event: ActForStarted, notices: Notices) -> None:
    """The citizen stays the one in charge: told at once, and able to end it."""
    await _tell(event.session_id, "account.act_for_started", event.id, notices, at=DELEGATIONS)


@on(SessionEnded)
async def take_the_push_target(event: SessionEnded, notices: Notices) -> None:
    """A phone that is signed out gets no more pushes; one that has signed in anew goes on getting them."""
    await hand_over(event.session_id, event.successor)
    if message := MESSAGES.get(event.reason):
        await _tell(event.session_id, message, event.id, notices)


async def _tell(session_id: str, message: str, dedupe_key: str, notices: Notices, *, at: str = DEVICES) -> None:
    session = await Session.get(session_id)
    # Officials have no inbox here.
    if session is None or session.kind != "citizen":
        return
    person = await Person.get(session.person_id)
    if person is not None:
        await notices.post(Notice(person.citizen_key or person.id, message, {}, at, dedupe_key=dedupe_key))
