"""Every way in, every refusal and every end is on record (SEC-67)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import httpx2
import pytest

from kernel.audit import AuditEntry
from kernel.errors import AuditUnavailable
from kernel.principal import Principal
from tests.api.auth.world import STRANGER, World

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-67")]


@dataclass
class Book:
    """An audit in memory that can be broken."""

    entries: list[tuple[Principal, AuditEntry]] = field(default_factory=list)
    broken: bool = False

    async def record(self, actor: Principal, *entries: AuditEntry) -> None:
        if self.broken:
            raise AuditUnavailable
        self.entries.extend((actor, entry) for entry in entries)

    def acts(self) -> list[str]:
        return [entry.action for _, entry in self.entries]

    def told(self, action: str) -> dict[str, object]:
        """What the latest such entry says."""
        entry = [entry for _, entry in self.entries if entry.action == action][-1]
        return {change.field: change.after for change in entry.changes}


@pytest.fixture
async def book(world: World) -> AsyncIterator[Book]:
    world.auth.audit.book = book = Book()
    yield book
    world.auth.audit.book = None


async def test_a_sign_in_is_on_record_with_provider_level_and_means(world: World, book: Book) -> None:
    await world.sign_in()
    actor, entry = book.entries[0]
    assert (actor.kind, actor.client_id, entry.action, entry.result) == ("citizen", "app", "auth.signed_in", "ok")
    assert actor.id == entry.object.removeprefix("person:")
    assert len(entry.subjects) == 1, "it stands in the citizen's own list"
    assert entry.subjects[0].startswith("s_")
    told = book.told("auth.signed_in")
    assert (told["idp"], told["acr"], told["assurance"]) == ("citizen", "vneid:2", 2)
    assert "096099000001" not in str(book.entries)
    assert "Lan" not in str(book.entries)


async def test_an_official_signs_in_and_stands_in_no_citizens_list(world: World, book: Book) -> None:
    await world.sign_in("hoa", "staff")
    actor, entry = book.entries[0]
    assert (actor.kind, entry.subjects, book.told("auth.signed_in")["idp"]) == ("staff", (), "staff")


async def test_what_cannot_be_recorded_is_no_sign_in(world: World, book: Book) -> None:
    book.broken = True
    async with world.browser() as browser:
        page = await browser.http.get(await browser.to_callback())
    assert (page.status_code, "location" in page.headers) == (503, False)


async def test_somebody_the_directory_does_not_know_is_a_failed_sign_in(world: World, book: Book) -> None:
    async with world.browser() as browser:
        assert (await browser.code("stranger", "staff"))["error"] == "access_denied"
    actor, entry = book.entries[0]
    assert (actor.id, entry.result) == ("unknown", "refused")
    assert book.told("auth.sign_in_failed") == {"idp": "staff", "why": "account_not_accepted"}
    assert STRANGER.name not in str(book.entries)


async def test_an_answer_that_does_not_check_out_and_one_that_was_broken_off_are_failed_sign_ins(world: World, book: Book) -> None:
    world.hostile.claims["nonce"] = "another"
    async with world.browser() as browser:
        await browser.http.get(await browser.to_callback("", "hostile"))
    assert book.told("auth.sign_in_failed") == {"idp": "hostile", "why": "answer_refused"}
    async with world.browser() as browser:
        state = httpx2.URL((await browser.authorize()).headers["location"]).params["state"]
        await browser.http.get("/auth/callback/citizen", params={"state": state, "error": "access_denied"})
    assert book.told("auth.sign_in_failed") == {"idp": "citizen", "why": "not_completed"}


async def test_a_provider_that_does_not_answer_is_a_failed_sign_in(world: World, book: Book) -> None:
    world.hostile.oversized = True
    async with world.browser() as browser:
        await browser.http.get(await browser.to_callback("", "hostile"))
    world.hostile.behave()
    assert book.told("auth.sign_in_failed") == {"idp": "hostile", "why": "provider_unavailable"}


async def test_a_renewal_and_a_token_used_twice_are_on_record(world: World, book: Book) -> None:
    tokens = await world.sign_in()
    renewed = (await world.refresh(tokens["refresh_token"])).json()
    await world.refresh(renewed["refresh_token"])
    assert (await world.refresh(tokens["refresh_token"])).status_code == 400
    acts = book.acts()
    assert acts == ["auth.signed_in", "auth.token_refreshed", "auth.token_refreshed", "auth.token_reused", "auth.session_ended"]
    assert book.told("auth.session_ended") == {"reason": "refresh_token_reused"}
    people = {actor.id for actor, _ in book.entries}
    assert people == {book.entries[0][1].object.removeprefix("person:")}


async def test_signing_out_and_ending_a_session_are_two_acts(world: World, book: Book) -> None:
    tokens = await world.sign_in()
    await world.post("/oauth/revoke", token=tokens["refresh_token"], client_id="app")
    assert book.acts()[-1] == "auth.signed_out"
    tokens = await world.sign_in()
    session = (await world.me(tokens["access_token"])).json()["sessionId"]
    async with httpx2.AsyncClient(base_url=world.url) as http:
        headers = {"authorization": f"Bearer {tokens['access_token']}"}
        assert (await http.delete(f"/v1/me/sessions/{session}", headers=headers)).status_code == 204
    assert (book.acts()[-1], book.told("auth.session_ended")) == ("auth.session_ended", {"reason": "ended_by_person"})
    _, entry = book.entries[-1]
    assert entry.subjects[0].startswith("s_")


async def test_a_session_ends_although_nobody_can_write_it_down(world: World, book: Book) -> None:
    tokens = await world.sign_in()
    book.broken = True
    await world.post("/oauth/revoke", token=tokens["refresh_token"], client_id="app")
    assert (await world.me(tokens["access_token"])).status_code == 401


async def test_another_signing_key_is_on_record_with_both(world: World, book: Book) -> None:
    world.clock.advance(timedelta(minutes=10))
    before = {key["kid"] for key in world.auth.keys.public_jwks()}
    await world.auth.keys.rotate()
    [(actor, entry)] = book.entries
    assert (actor.kind, entry.action) == ("system", "auth.key_rotated")
    [change] = entry.changes
    assert {change.before, change.after} <= before
    assert change.before != change.after


async def test_an_app_that_proves_nothing_has_a_name_for_it(book: Book, world: World) -> None:
    await world.auth.audit.attestation_failed("app", "no_statement")
    assert (book.acts(), book.entries[0][1].result) == (["auth.attestation_failed"], "refused")
