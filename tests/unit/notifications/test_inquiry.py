"""An operator's questions: why somebody did not get it, what has failed, and once more."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.app.parts import Parts
from backend.cli.deliveries import in_one_line
from notifications.delivery import inquiry
from tests.support.contacts import contact_of, messenger, wait_is_over
from tests.support.firebase import Firebase
from tests.support.notices import only_delivery, phone_of, post, sender
from tests.support.post_office import Post

TEN = datetime(2026, 7, 1, 10, tzinfo=UTC)


@pytest.mark.proves("I35")
async def test_one_query_says_why_somebody_did_not_get_it(parts: Parts, firebase: Firebase) -> None:
    phone, gone = await phone_of(parts, firebase), await phone_of(parts, firebase)
    notice = await post(parts)
    await firebase.uninstall(gone.device)
    await firebase.arm(match={"device": phone.device["installationId"]}, detail="INVALID_ARGUMENT")
    await sender(parts, firebase).drain()
    found = await inquiry.why("s_lan", notice)
    assert found
    said = {d["installation"]: (d["state"], d["reason"], d["attempts"][0]["detail"]) for d in found["deliveries"]}
    assert said == {
        phone.target.id: ("failed", "refused", "bad_payload"),
        gone.target.id: ("failed", "dead_target", "unregistered"),
    }
    assert {p["_id"]: p.get("retired_reason") for p in found["phones"]} == {phone.target.id: None, gone.target.id: "unregistered"}


@pytest.mark.proves("I27", "I35")
async def test_the_answer_names_neither_address_nor_parameters(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    notice = await post(parts)
    await sender(parts, firebase).drain()
    said = json.dumps([await inquiry.why("s_lan", notice), await inquiry.dead()], default=str)
    assert phone.target.target.value not in said
    assert "H12.13-260615-0007" not in said


async def test_nobody_elses_notice_is_explained(parts: Parts) -> None:
    notice = await post(parts)
    assert await inquiry.why("s_nam", notice) is None
    found = await inquiry.why("s_lan", notice)
    assert found
    assert found["deliveries"] == []


@pytest.mark.proves("I35")
async def test_what_failed_is_listed_and_may_be_sent_once_more(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(detail="INVALID_ARGUMENT", times=1)
    await sender(parts, firebase).drain()
    [failed] = await inquiry.dead()
    assert await inquiry.replay(failed["_id"])
    assert not await inquiry.replay(failed["_id"])
    assert await inquiry.dead() == []
    await sender(parts, firebase).drain()
    delivery = await only_delivery()
    assert (delivery.state, [a.outcome for a in delivery.attempts]) == ("sent", ["refused", "sent"])
    assert len(await phone.messages()) == 1
    assert not await inquiry.replay(delivery.id)


@pytest.mark.proves("I32", "I35")
async def test_one_line_says_that_a_text_stood_in_for_the_push(parts: Parts, firebase: Firebase, post_office: Post) -> None:
    await contact_of(parts)
    await phone_of(parts, firebase)
    notice = await post(parts)
    await sender(parts, firebase).drain()
    await wait_is_over(parts)
    await messenger(parts, post_office).drain()
    found = await inquiry.why("s_lan", notice)
    assert found
    said = json.dumps(found, default=str)
    assert "lan@example.com" not in said
    by_lane = {row["lane"] == "fallback": row for row in found["deliveries"]}
    at = f"{by_lane[True]['attempts'][0]['at']:%H:%M}"
    pushed = f"{by_lane[False]['finished_at']:%H:%M}"
    assert in_one_line([by_lane[False]], [by_lane[True]]) == f"push sent {pushed}, no receipt by {at}, email sent {at}"


@pytest.mark.parametrize(
    ("fallback", "words"),
    [
        ({"state": "pending", "due": TEN}, "a text is due 10:00"),
        ({"state": "suppressed", "reason": "receipt", "finished_at": TEN}, "no text (receipt) 10:00"),
        (
            {"state": "failed", "reason": "perhaps_sent", "attempts": [{"channel": "sms", "outcome": "ambiguous", "at": TEN}]},
            "no receipt by 10:00, sms ambiguous 10:00, failed (perhaps_sent)",
        ),
        (
            {
                "state": "sent",
                "attempts": [
                    {"channel": "email", "outcome": "deadtarget", "at": TEN},
                    {"channel": "zalo", "outcome": "sent", "at": TEN},
                ],
            },
            "no receipt by 10:00, email deadtarget 10:00, zalo sent 10:00",
        ),
    ],
)
def test_every_way_a_fallback_ends_is_one_line(fallback: dict[str, Any], words: str) -> None:
    assert in_one_line([], [fallback]) == f"no phone, {words}"
