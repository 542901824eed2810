"""A contact counts once its owner has said the code that came there; until then the former one does (SEC-36)."""

import asyncio
import re
from datetime import timedelta

import pytest

from backend.app.parts import Parts
from kernel.clock import TestClock
from notifications.addresses import masked, normalised
from notifications.contacts import codes
from notifications.contacts.change import ContactDesk, confirm, enter, remove
from notifications.contacts.codes import Codes
from notifications.documents import Contact
from notifications.errors import (
    CodeNotSent,
    CodeSpent,
    CodeWrong,
    ContactMalformed,
    ContactNotFound,
    ContactNotOffered,
    ContactUnreachable,
)
from notifications.personal_data import PERSONAL_DATA
from tests.support.post_office import Post

pytestmark = pytest.mark.proves("SEC-36")

NEW = "lan.moi@example.com"


@pytest.fixture
def desk(post_office: Post) -> ContactDesk:
    return ContactDesk(post_office.channels, Codes("a secret of the tests"))


async def entered(parts: Parts, desk: ContactDesk, post: Post, address: str = "lan@example.com") -> str:
    """The code that came there."""
    await enter("s_lan", "email", address, desk, language="vi", now=parts.clock.now())
    mail = (await post.arrived("email", address))[-1]
    found = re.search(r"\b\d{6}\b", mail["title"])
    assert found
    return found[0]


async def confirmed(parts: Parts, desk: ContactDesk, post: Post, address: str = "lan@example.com") -> Contact:
    code = await entered(parts, desk, post, address)
    return await confirm("s_lan", "email", code, desk, now=parts.clock.now())


async def clear(parts: Parts, contact: Contact) -> object:
    """The address that counts."""
    [row] = await parts.vault.open(await parts.db["contacts"].find({"_id": contact.id}).to_list())
    return row.get("address")


async def test_an_address_counts_once_its_code_was_said(parts: Parts, desk: ContactDesk, post_office: Post) -> None:
    code = await entered(parts, desk, post_office)
    [waiting] = await Contact.find_all().to_list()
    assert (waiting.address, waiting.confirmed_at) == (None, None)
    contact = await confirm("s_lan", "email", code, desk, now=parts.clock.now())
    assert (contact.pending, await clear(parts, contact)) == (None, "lan@example.com")


async def test_a_new_address_takes_the_former_ones_place_only_when_it_is_confirmed(
    parts: Parts, desk: ContactDesk, post_office: Post
) -> None:
    former = await confirmed(parts, desk, post_office)
    code = await entered(parts, desk, post_office, NEW)
    assert await clear(parts, former) == "lan@example.com"
    contact = await confirm("s_lan", "email", code, desk, now=parts.clock.now())
    assert await clear(parts, contact) == NEW
    assert contact.edition != former.edition


@pytest.mark.proves("SEC-72")
async def test_neither_address_nor_code_is_stored_in_the_clear(parts: Parts, desk: ContactDesk, post_office: Post) -> None:
    code = await entered(parts, desk, post_office)
    stored = str(await parts.db["contacts"].find_one({}))
    assert "lan@example.com" not in stored
    assert code not in stored


async def test_a_wrong_code_costs_a_try_and_five_cost_the_code(parts: Parts, desk: ContactDesk, post_office: Post) -> None:
    code = await entered(parts, desk, post_office)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    tries = await asyncio.gather(
        *(confirm("s_lan", "email", wrong, desk, now=parts.clock.now()) for _ in range(codes.TRIES + 3)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in tries) == ["CodeSpent"] * 3 + ["CodeWrong"] * codes.TRIES
    with pytest.raises(CodeSpent):
        await confirm("s_lan", "email", code, desk, now=parts.clock.now())


async def test_a_code_is_good_for_ten_minutes_and_once(
    parts: Parts, desk: ContactDesk, post_office: Post, clock: TestClock
) -> None:
    code = await entered(parts, desk, post_office)
    with pytest.raises(CodeSpent):
        await confirm("s_lan", "email", code, desk, now=clock.now() + codes.LIFETIME)
    await confirm("s_lan", "email", code, desk, now=clock.now() + codes.LIFETIME - timedelta(seconds=1))
    with pytest.raises(CodeSpent):
        await confirm("s_lan", "email", code, desk, now=clock.now())


async def test_nobody_confirms_or_removes_somebody_elses(parts: Parts, desk: ContactDesk, post_office: Post) -> None:
    code = await entered(parts, desk, post_office)
    with pytest.raises(ContactNotFound):
        await confirm("s_nam", "email", code, desk, now=parts.clock.now())
    with pytest.raises(ContactNotFound):
        await remove("s_nam", "email")
    await remove("s_lan", "email")
    assert await Contact.find_all().to_list() == []


async def test_where_nobody_is_reached_that_is_said(parts: Parts, desk: ContactDesk, post_office: Post) -> None:
    await post_office.arm(channel="email", code=550, text="5.1.1 nobody", times=1)
    with pytest.raises(ContactUnreachable):
        await enter("s_lan", "email", NEW, desk, language="vi", now=parts.clock.now())
    await post_office.arm(channel="email", code=451, text="4.3.0 later", times=1)
    with pytest.raises(CodeNotSent):
        await enter("s_lan", "email", NEW, desk, language="vi", now=parts.clock.now())


async def test_a_kind_nothing_is_sent_to_is_not_taken(parts: Parts) -> None:
    with pytest.raises(ContactNotOffered):
        await enter("s_lan", "email", NEW, ContactDesk({}, Codes("x")), language="vi", now=parts.clock.now())


@pytest.mark.proves("I34", "SEC-75")
async def test_a_contact_is_theirs_to_take_home_and_to_have_erased(parts: Parts, desk: ContactDesk, post_office: Post) -> None:
    await confirmed(parts, desk, post_office)
    [row] = await parts.vault.open(await PERSONAL_DATA.export("s_lan"))
    assert (row["what"], row["kind"], row["address"]) == ("contact", "email", "lan@example.com")
    assert await PERSONAL_DATA.erase("s_lan", parts.clock.now()) == 1
    assert await Contact.find_all().to_list() == []


@pytest.mark.parametrize("raw", ["0912 345 678", "+84 912-345-678", "84912345678", "(0912) 345.678"])
def test_a_number_is_written_in_one_way(raw: str) -> None:
    assert normalised("phone", raw) == "+84912345678"


def test_an_address_keeps_its_name_and_its_host_in_small_letters() -> None:
    assert normalised("email", " Lan.Nguyen+x@Example.COM ") == "Lan.Nguyen+x@example.com"


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("email", "lan"),
        ("email", "lan@localhost"),
        ("email", "lan@example.com\r\nBcc: x@y.example"),
        ("email", "a@b@example.com"),
        ("email", f"{'l' * 65}@example.com"),
        ("email", "làn@example.com"),
        ("phone", "0212345678"),
        ("phone", "091234567"),
        ("phone", "+14155550123"),
        ("phone", "+849123456789"),
    ],
)
def test_what_is_no_address_is_refused(kind: str, raw: str) -> None:
    with pytest.raises(ContactMalformed):
        normalised(kind, raw)  # type: ignore[arg-type]


def test_its_owner_knows_it_again_and_nobody_else() -> None:
    assert masked("email", "lan@example.com") == "l***@example.com"
    assert masked("phone", "+84912345678") == "+84*******78"


def test_a_wrong_code_is_one_whatever_it_begins_with() -> None:
    secret = Codes("x")
    assert secret.fits("c", "123456", secret.digest("c", "123456"))
    assert not secret.fits("c", "123457", secret.digest("c", "123456"))
    assert not secret.fits("d", "123456", secret.digest("c", "123456"))
    assert not Codes("y").fits("c", "123456", secret.digest("c", "123456"))
    assert CodeWrong.code() == "code_wrong"
