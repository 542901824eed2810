"""Which way a fallback takes, and when it waits: preferences, quiet hours, dead mailboxes, providers in trouble (I29, I32)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.app.parts import Parts
from notifications.channels.port import Busy, DeadTarget, Outcome, Refused, Retry, Sent, Text
from notifications.contacts.change import retire
from notifications.delivery.fallback.doors import Doors
from notifications.documents import Contact, Muted, Preferences
from notifications.inbox.post import USUAL_WAITS
from notifications.ways import ChannelName
from tests.support.contacts import contact_of, messenger, the_fallback, wait_is_over
from tests.support.notices import a_notice, pause_of, post, where_it_is_noon
from tests.unit.notifications.test_preferences import quiet_now

pytestmark = pytest.mark.proves("I32")


class Told:
    """A channel that answers what it is told to, the last again and again, and keeps what it was given."""

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes, self.texts = list(outcomes or [Sent("x")]), list[Text]()

    async def send(self, what: Text, /, *, now: datetime) -> Outcome:
        self.texts.append(what)
        return self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]

    async def close(self) -> None: ...


def ways(**channels: Told) -> dict[ChannelName, Any]:
    return dict(channels)  # type: ignore[arg-type]


async def chosen(**wishes: object) -> None:
    await Preferences(id="s_lan", recipient="s_lan", **wishes).commit()


async def reachable(parts: Parts, message: str = "dossier.result_ready") -> None:
    """Lan has both contacts, a phone on which it is noon, and a notice whose wait is over."""
    await contact_of(parts)
    await contact_of(parts, kind="phone")
    noon = {"recipient": "s_lan", "active": True, "refreshed_at": datetime.now(UTC), "epoch": 1, "platform": "web"}
    await parts.db["push_targets"].insert_one({**noon, "_id": "noon", "time_zone": where_it_is_noon(datetime.now(UTC))})
    await post(parts, a_notice(message=message))
    await parts.db["deliveries"].delete_many({"lane": {"$ne": "fallback"}})
    await wait_is_over(parts)


@pytest.mark.proves("I29")
async def test_the_first_of_ones_own_order_is_taken_and_no_other(parts: Parts) -> None:
    await reachable(parts)
    await chosen(fallback=["sms", "email"])
    email, sms, zalo = Told(), Told(), Told()
    await messenger(parts, ways(email=email, sms=sms, zalo=zalo)).drain()
    assert [len(channel.texts) for channel in (email, sms, zalo)] == [0, 1, 0]


@pytest.mark.proves("I29", "SEC-76")
async def test_a_way_without_consent_is_passed_over(parts: Parts) -> None:
    await reachable(parts)
    email, sms = Told(), Told()
    await messenger(parts, ways(email=email, sms=sms), agreed=["sms"]).drain()
    assert (len(email.texts), len(sms.texts)) == (0, 1)


@pytest.mark.proves("I29")
async def test_who_wants_no_text_at_all_gets_none(parts: Parts) -> None:
    await reachable(parts)
    await chosen(fallback=[])
    email = Told()
    await messenger(parts, ways(email=email)).drain()
    assert (email.texts, (await the_fallback()).reason) == ([], "not_wanted")


@pytest.mark.proves("I29")
async def test_a_category_muted_for_texts_is_not_told_by_one_unless_it_must_be_read(parts: Parts) -> None:
    await reachable(parts, "dossier.accepted")
    await chosen(muted=Muted(fallback=["dossier", "result_ready"]))
    email = Told()
    await messenger(parts, ways(email=email)).drain()
    assert (email.texts, (await the_fallback()).reason) == ([], "muted")
    await parts.db["deliveries"].delete_many({})
    await post(parts)
    await wait_is_over(parts)
    await messenger(parts, ways(email=email)).drain()
    assert len(email.texts) == 1


@pytest.mark.proves("I29")
@pytest.mark.parametrize("message", ["dossier.accepted", "feedback.answered"])
async def test_at_night_nothing_goes_that_can_wait_not_even_what_a_push_would_ring_for(parts: Parts, message: str) -> None:
    await reachable(parts, message)
    await chosen(quiet_hours=quiet_now(hours=3))
    email = Told()
    await messenger(parts, ways(email=email)).drain()
    held = await the_fallback()
    assert (held.state, email.texts) == ("pending", [])
    assert [(one.outcome, one.detail) for one in held.attempts] == [("held", "quiet_hours")]
    # The push leaves when the night is over, and is given its time.
    assert timedelta(hours=6, minutes=58) < pause_of(held) < timedelta(hours=7, minutes=1)


@pytest.mark.proves("I29")
async def test_at_night_what_must_be_read_and_is_urgent_goes(parts: Parts) -> None:
    await reachable(parts, "dossier.needs_papers")
    await chosen(quiet_hours=quiet_now(hours=3))
    email = Told()
    await messenger(parts, ways(email=email)).drain()
    assert len(email.texts) == 1


@pytest.mark.proves("I15", "I17")
async def test_a_dead_mailbox_is_retired_and_the_next_way_taken(parts: Parts) -> None:
    await reachable(parts)
    email, sms = Told(DeadTarget("dead_mailbox")), Told()
    await messenger(parts, ways(email=email, sms=sms)).drain()
    assert (len(email.texts), len(sms.texts)) == (1, 1)
    retired = {contact.kind: contact.retired_reason for contact in await Contact.find_all().to_list()}
    assert retired == {"email": "unreachable", "phone": None}
    ended = await the_fallback()
    assert [(one.channel, one.outcome) for one in ended.attempts] == [("email", "deadtarget"), ("sms", "sent")]


@pytest.mark.proves("I15")
async def test_a_late_word_of_a_dead_mailbox_says_nothing_of_the_one_confirmed_since(parts: Parts) -> None:
    former = await contact_of(parts)
    await parts.db["contacts"].delete_many({})
    await contact_of(parts)
    await retire(former.id, former.edition, "unreachable")
    [present] = await Contact.find_all().to_list()
    assert present.retired_reason is None


@pytest.mark.proves("I17")
async def test_a_refusal_retires_nobody_and_the_next_way_is_taken(parts: Parts) -> None:
    await reachable(parts)
    email, sms = Told(Refused("refused")), Told()
    await messenger(parts, ways(email=email, sms=sms)).drain()
    assert len(sms.texts) == 1
    assert [contact.retired_reason for contact in await Contact.find_all().to_list()] == [None, None]


async def test_what_no_way_took_has_failed_and_an_operator_may_try_again(parts: Parts) -> None:
    await reachable(parts)
    await messenger(parts, ways(email=Told(Refused("refused")))).drain()
    ended = await the_fallback()
    assert (ended.state, ended.reason) == ("failed", "not_taken")


@pytest.mark.proves("I25")
async def test_a_provider_in_trouble_is_left_alone_and_another_way_taken(parts: Parts) -> None:
    await reachable(parts)
    email, sms = Told(Busy("closing", timedelta(minutes=5))), Told()
    texts = messenger(parts, ways(email=email, sms=sms))
    for _ in range(2):
        await texts.drain()
        await wait_is_over(parts)
    assert (len(email.texts), len(sms.texts)) == (1, 1)


@pytest.mark.proves("I20", "I21")
async def test_where_the_only_provider_is_in_trouble_it_waits_and_nothing_is_lost(parts: Parts) -> None:
    await reachable(parts)
    email = Told(*[Retry("login_refused", timedelta(seconds=60), "project")] * 5, Sent("x"))
    texts = messenger(parts, ways(email=email))
    for _ in range(8):
        await texts.drain()
        await wait_is_over(parts)
    waiting = await the_fallback()
    assert (waiting.state, len(email.texts)) == ("pending", 5)
    assert waiting.attempts[-1].detail == "channel_closed"
    # Another sender begins with its doors open.
    await messenger(parts, ways(email=email)).drain()
    assert (await the_fallback()).state == "sent"


def test_a_door_opens_again_when_its_provider_said_so() -> None:
    now = [100.0]
    doors = Doors(["email"], lambda: now[0])
    doors.heard("email", Busy("closing", timedelta(seconds=30)))
    assert doors.shut_for("email") == timedelta(seconds=30)
    now[0] = 130.0
    assert doors.shut_for("email") == timedelta()


@pytest.mark.proves("I27")
async def test_a_text_holds_no_parameter_and_its_link_leads_to_the_door(parts: Parts) -> None:
    await reachable(parts)
    email = Told()
    await messenger(parts, ways(email=email), link="https://motcua.example/app").drain()
    [text] = email.texts
    said = f"{text.said.title} {text.said.body} {text.said.short}"
    assert "H12.13" not in said
    assert text.link == "https://motcua.example/app"
    assert text.said.title == "Đã có kết quả hồ sơ"


@pytest.mark.proves("I29", "I30")
async def test_who_wants_nothing_said_gets_a_text_that_says_nothing_in_their_language(parts: Parts) -> None:
    await reachable(parts)
    await chosen(detail="anonymous", language="en")
    email = Told()
    await messenger(parts, ways(email=email)).drain()
    [text] = email.texts
    assert (text.said.title, text.language) == ("There is news for you", "en")


def test_every_category_that_asks_for_an_act_has_a_wait() -> None:
    assert {"account", "action_required", "result_ready"} <= set(USUAL_WAITS)


@pytest.mark.proves("I15")
async def test_to_a_dead_mailbox_nothing_goes_any_more(parts: Parts) -> None:
    await reachable(parts)
    email = Told(DeadTarget("dead_mailbox"))
    await messenger(parts, ways(email=email)).drain()
    await post(parts)
    await wait_is_over(parts)
    await messenger(parts, ways(email=email)).drain()
    assert len(email.texts) == 1
