"""The way in: who gets a token, and what the API says of them."""

from datetime import timedelta

import httpx2
import msgspec
import pytest

from auth.directory import CachedDirectory
from auth.documents import Person
from auth.errors import AccountNotAccepted
from auth.people import recognise
from auth.providers.account import Account
from kernel.personal import CitizenKeys
from kernel.privacy.field import Sealed
from kernel.privacy.subjects import Subject, Subjects
from tests.api.auth.world import LAN, World, answered

pytestmark = pytest.mark.anyio


async def test_a_citizen_signs_in_through_an_official_account(world: World) -> None:
    tokens = await world.sign_in("lan")
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 600
    me = (await world.me(tokens["access_token"])).json()
    assert (me["kind"], me["name"], me["assurance"]) == ("citizen", "Nguyễn Thị Lan", 2)
    assert me["hasPersonalNumber"] is True
    assert me["roles"] == me["agencies"] == []


async def test_staff_get_their_roles_and_agencies_from_the_directory(world: World) -> None:
    tokens = await world.sign_in("hoa", "staff")
    assert tokens["expires_in"] == 300
    me = (await world.me(tokens["access_token"])).json()
    assert (me["kind"], me["roles"], me["agencies"]) == ("staff", ["handler", "intake_officer"], ["H12.1"])


@pytest.mark.proves("SEC-72")
async def test_the_number_is_kept_only_as_its_keyed_hash_and_the_name_only_sealed(world: World) -> None:
    me = (await world.me((await world.sign_in("lan"))["access_token"])).json()
    person = await Person.get(me["id"])
    assert LAN.personal_number is not None
    assert person is not None
    assert isinstance(person.name, Sealed)
    subject = await Subject.get(str(person.citizen_key))
    assert subject is not None
    assert subject.citizen == CitizenKeys(b"k" * 32).key(LAN.personal_number)
    for name in await world.db.list_collection_names():
        async for document in world.db[name].find():
            assert LAN.personal_number not in str(document), name
            assert LAN.name not in str(document), name


async def test_of_staff_the_official_address_is_kept_and_the_name_is_the_directorys(world: World) -> None:
    me = (await world.me((await world.sign_in("hoa", "staff"))["access_token"])).json()
    person = await Person.get(me["id"])
    assert person is not None
    assert (person.name, person.email, person.citizen_key) == (None, "hoa@snn.camau.gov.vn", None)
    assert me["name"] == "Trần Thị Hòa"


@pytest.mark.proves("SEC-18")
async def test_who_is_below_the_level_a_provider_is_trusted_from_is_nobody_here(world: World) -> None:
    citizens = world.config.provider("citizen")
    assert citizens
    strict = msgspec.structs.replace(citizens, minimum_assurance=2)
    subjects, now = Subjects(CitizenKeys(b"k" * 32)), world.clock.now()
    directory = CachedDirectory(world.directory, world.clock)
    for level in (0, 1):
        low = Account(issuer=strict.issuer, subject=f"low-{level}", name="A", assurance=level, authenticated_at=now)
        with pytest.raises(AccountNotAccepted):
            await recognise(low, strict, directory=directory, subjects=subjects, now=now)
        assert await Person.find({"identities.subject": f"low-{level}"}).count() == 0
    enough = Account(issuer=strict.issuer, subject="enough", name="A", assurance=2, authenticated_at=now)
    assert await recognise(enough, strict, directory=directory, subjects=subjects, now=now)


async def test_signing_in_again_finds_the_same_person(world: World) -> None:
    first = (await world.me((await world.sign_in("bao"))["access_token"])).json()
    again = (await world.me((await world.sign_in("bao"))["access_token"])).json()
    assert first["id"] == again["id"]
    assert first["sessionId"] != again["sessionId"]


@pytest.mark.proves("SEC-18")
async def test_the_level_of_assurance_is_the_providers_own_and_a_missing_one_the_lowest(world: World) -> None:
    assert (await world.me((await world.sign_in("bao"))["access_token"])).json()["assurance"] == 1
    for acr, level in (("high", 2), ("unheard-of", 0), (None, 0)):
        world.hostile.claims = {"acr": acr}
        assert (await world.me((await world.sign_in("", "hostile"))["access_token"])).json()["assurance"] == level


@pytest.mark.proves("SEC-16")
async def test_two_providers_with_the_same_subject_and_address_are_two_persons(world: World) -> None:
    lan = (await world.me((await world.sign_in("lan"))["access_token"])).json()
    world.hostile.subject = LAN.subject
    world.hostile.claims = {"email": "lan@camau.gov.vn", "email_verified": True, "name": LAN.name}
    twin = (await world.me((await world.sign_in("", "hostile"))["access_token"])).json()
    assert lan["id"] != twin["id"]
    assert twin["hasPersonalNumber"] is False


@pytest.mark.proves("SEC-17")
async def test_what_a_citizen_provider_claims_never_makes_staff(world: World) -> None:
    world.hostile.claims = {
        "groups": ["admin"],
        "roles": ["administrator"],
        "kind": "staff",
        "email": "hoa@snn.camau.gov.vn",
        "email_verified": True,
    }
    me = (await world.me((await world.sign_in("", "hostile"))["access_token"])).json()
    assert (me["kind"], me["roles"], me["agencies"]) == ("citizen", [], [])


@pytest.mark.proves("SEC-17")
@pytest.mark.parametrize("login", ["stranger", "evil"])
async def test_staff_whom_the_directory_or_the_domain_does_not_know_are_sent_back(world: World, login: str) -> None:
    async with world.browser() as browser:
        answer = await browser.code(login, "staff")
    assert answer["error"] == "access_denied"
    assert "code" not in answer


@pytest.mark.proves("SEC-47")
async def test_a_change_of_roles_acts_within_five_seconds_and_a_withdrawal_too(world: World) -> None:
    token = (await world.sign_in("hoa", "staff"))["access_token"]
    grant = world.directory.grants.pop("hoa@snn.camau.gov.vn")
    assert (await world.me(token)).status_code == 200
    world.clock.advance(timedelta(seconds=5))
    gone = await world.me(token)
    assert (gone.status_code, gone.json()["code"]) == (401, "staff_access_withdrawn")
    world.directory.grants["hoa@snn.camau.gov.vn"] = grant
    world.clock.advance(timedelta(seconds=5))
    assert (await world.me(token)).json()["roles"] == ["handler", "intake_officer"]


async def test_without_a_provider_the_person_is_asked(world: World) -> None:
    async with world.browser() as browser:
        page = await browser.authorize(provider=None)
    assert page.status_code == 200
    assert "Tài khoản định danh điện tử" in page.text
    assert "provider=staff" in page.text
    assert "Ứng dụng công dân" in page.text


async def test_an_app_offers_only_the_providers_of_those_it_is_for(world: World) -> None:
    theirs = {"client_id": "other-app", "redirect_uri": "https://other.example.vn/callback"}
    async with world.browser() as browser:
        page = await browser.authorize(provider=None, **theirs)
        refused = await browser.authorize(provider="staff", **theirs)
    assert "provider=citizen" in page.text
    assert "provider=staff" not in page.text
    assert "error=invalid_request" in refused.headers["location"]


@pytest.mark.proves("SEC-10")
async def test_pages_are_kept_by_nobody_framed_by_nobody_and_load_nothing(world: World) -> None:
    async with world.browser() as browser:
        for page in (await browser.authorize(provider=None), await browser.authorize(client_id="unknown")):
            policy = page.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe-inline" not in policy
            assert page.headers["cache-control"] == "no-store"
            assert page.headers["referrer-policy"] == "no-referrer"
            assert "<script" not in page.text
            assert "http" not in page.text.split("<body>")[0]


async def test_pages_speak_the_readers_language_and_escape_what_they_are_told(world: World) -> None:
    async with world.browser() as browser:
        query = browser.request(provider=None, state='"><script>alert(1)</script>')
        english = await browser.http.get("/oauth/authorize", params=query, headers={"accept-language": "en"})
    assert "Which account do you sign in with?" in english.text
    assert "<script>" not in english.text


async def test_the_person_may_turn_back_at_the_provider(world: World) -> None:
    async with world.browser() as browser:
        callback = await browser.to_callback()
        state = httpx2.URL(callback).params["state"]
        address = f"{world.url}/auth/callback/citizen"
        answer = answered(await browser.http.get(address, params={"state": state, "error": "access_denied"}))
    assert (answer["error"], answer["state"], answer["iss"]) == ("access_denied", "the-app's-own", world.url)
