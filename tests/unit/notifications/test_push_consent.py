"""Without its recipient's consent no push leaves the country; the inbox keeps everything (SEC-81)."""

import pytest

from backend.app.parts import Parts
from backend.privacy.actions.decide_consent import decide_consent
from backend.privacy.purposes import PURPOSES
from backend.privacy.queries import FOREIGN_PUSH, letting_pushes_leave
from notifications.documents import Delivery, InboxItem
from tests.support.firebase import Firebase
from tests.support.notices import a_notice, only_delivery, phone_of, post, sender
from tests.support.officials import citizen

pytestmark = pytest.mark.proves("SEC-81", "SEC-76")


async def decides(parts: Parts, who: str, *, granted: bool) -> None:
    now, shown = parts.clock.now(), PURPOSES[FOREIGN_PUSH].text_version
    await decide_consent(citizen(who), FOREIGN_PUSH, granted=granted, shown_version=shown, now=now, audit=parts.audit.log)


@pytest.mark.parametrize("message", ["dossier.result_ready", "dossier.accepted"])
async def test_who_was_never_asked_gets_no_push_and_reads_it_in_the_inbox(parts: Parts, firebase: Firebase, message: str) -> None:
    phone = await phone_of(parts, firebase)
    notice = await post(parts, a_notice(message=message))
    await sender(parts, firebase, letting_pushes_leave).drain()
    delivery = await only_delivery()
    assert (delivery.state, delivery.reason, delivery.attempts) == ("suppressed", "no_consent", [])
    assert await phone.messages() == []
    assert await InboxItem.get(notice)


async def test_a_consent_counts_for_its_citizen_alone_and_until_it_is_withdrawn(parts: Parts, firebase: Firebase) -> None:
    phones = {who: await phone_of(parts, firebase, who) for who in ("s_lan", "s_nam")}
    await decides(parts, "s_lan", granted=True)
    notices = [await post(parts, a_notice(who)) for who in phones]
    await sender(parts, firebase, letting_pushes_leave).drain()
    assert [len(await phone.visible()) for phone in phones.values()] == [1, 0]

    # Withdrawn while the next one is planned already: it counts at once.
    notices.append(await post(parts, a_notice("s_lan")))
    await decides(parts, "s_lan", granted=False)
    await sender(parts, firebase, letting_pushes_leave).drain()
    assert [len(await phone.visible()) for phone in phones.values()] == [1, 0]
    states = sorted(str(delivery.reason or delivery.state) for delivery in await Delivery.find_all().to_list())
    assert states == ["no_consent", "no_consent", "sent"]
    assert all([await InboxItem.get(notice) for notice in notices])
