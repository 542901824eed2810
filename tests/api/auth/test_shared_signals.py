"""What providers tell of accounts between sign-ins: security event tokens (RFC 8417, RFC 8935; OpenID SSF, CAEP, RISC)."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from kernel.ids import new_id
from tests.api.auth.world import World

pytestmark = pytest.mark.anyio

CAEP = "https://schemas.openid.net/secevent/caep/event-type/"
RISC = "https://schemas.openid.net/secevent/risc/event-type/"
REVOKED = CAEP + "session-revoked"


def told(world: World, kind: str = REVOKED, event: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The claims of an event about the hostile provider's one account; None leaves a claim out."""
    usual = {
        "iss": world.hostile.issuer,
        "aud": "motcua",
        "iat": int(world.clock.now().timestamp()),
        "jti": new_id(),
        "sub_id": {"format": "iss_sub", "iss": world.hostile.issuer, "sub": world.hostile.subject},
        "events": {kind: event or {}},
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


async def tell(world: World, claims: dict[str, Any], typ: str = "secevent+jwt", provider: str = "hostile") -> httpx2.Response:
    token = world.hostile.sign(claims, typ=typ)
    async with httpx2.AsyncClient(base_url=world.url) as http:
        headers = {"content-type": "application/secevent+jwt"}
        return await http.post(f"/auth/shared-signals/{provider}", content=token, headers=headers)


async def session(world: World, sid: str | None = None) -> str:
    world.hostile.claims = {"sid": sid}
    return str((await world.sign_in("", "hostile"))["access_token"])


@pytest.mark.parametrize(
    "kind",
    [REVOKED, CAEP + "credential-change", RISC + "account-disabled", RISC + "account-purged", RISC + "credential-compromise"],
)
async def test_after_such_an_event_nobody_goes_on_being_signed_in(world: World, kind: str) -> None:
    token, other = await session(world), (await world.sign_in())["access_token"]
    assert (await tell(world, told(world, kind))).status_code == 202
    assert (await world.me(token)).json()["code"] == "session_ended"
    assert (await world.me(other)).status_code == 200


async def test_one_sign_in_of_an_account_can_be_meant(world: World) -> None:
    home, work = await session(world, "at-home"), await session(world, "at-work")
    user = {"format": "iss_sub", "iss": world.hostile.issuer, "sub": world.hostile.subject}
    one = {"format": "complex", "user": user, "session": {"format": "opaque", "id": "at-work"}}
    assert (await tell(world, told(world, sub_id=one))).status_code == 202
    assert ((await world.me(home)).status_code, (await world.me(work)).status_code) == (200, 401)
    # As senders before SSF 1.0 did: in the event.
    event = {"subject": {"format": "opaque", "id": "at-home"}}
    assert (await tell(world, told(world, REVOKED, event, sub_id=None))).status_code == 202
    assert (await world.me(home)).status_code == 401


async def test_an_event_told_late_or_again_ends_nothing_that_began_after_it(world: World) -> None:
    yesterday = int(world.clock.now().timestamp())
    world.clock.advance(timedelta(days=1))
    token = await session(world)
    assert (await tell(world, told(world, event={"event_timestamp": yesterday}))).status_code == 202
    assert (await tell(world, told(world, iat=yesterday))).status_code == 202
    assert (await world.me(token)).status_code == 200
    again = told(world)
    assert (await tell(world, again)).status_code == 202
    assert (await world.me(token)).status_code == 401
    assert (await tell(world, again)).status_code == 202


async def test_an_event_that_asks_for_nothing_or_names_nobody_here_is_taken_note_of(world: World) -> None:
    token = await session(world)
    for claims in (
        told(world, CAEP + "assurance-level-change"),
        told(world, "https://schemas.openid.net/secevent/ssf/event-type/verification", {"state": "x"}),
        told(world, sub_id={"format": "iss_sub", "iss": world.hostile.issuer, "sub": "nobody"}),
        told(world, sub_id={"format": "iss_sub", "iss": "https://another.example", "sub": world.hostile.subject}),
        told(world, sub_id={"format": "email", "email": "x@y.example"}),
        told(world, sub_id=[]),
        told(world, sub_id=None),
    ):
        assert (await tell(world, claims)).status_code == 202
    assert (await world.me(token)).status_code == 200


async def test_an_event_with_one_thing_wrong_ends_nothing(world: World) -> None:
    token, now = await session(world), int(world.clock.now().timestamp())
    for claims in (
        told(world, iss="https://evil.example"),
        told(world, iss=None),
        told(world, aud="another"),
        told(world, aud=None),
        told(world, jti=None),
        told(world, jti=7),
        told(world, iat=None),
        told(world, iat=now + 3600),
        told(world, iat=now - 8 * 86_400),
        told(world, events=None),
        told(world, events=[REVOKED]),
        told(world, nonce="x"),
        # Either would make it look like another kind of token.
        told(world, sub=world.hostile.subject),
        told(world, exp=now + 60),
    ):
        refused = await tell(world, claims)
        assert (refused.status_code, refused.json()["err"]) == (400, "invalid_request"), claims
    for typ in ("JWT", "logout+jwt", "at+jwt", ""):
        assert (await tell(world, told(world), typ=typ)).status_code == 400
    assert (await tell(world, told(world), provider="citizen")).status_code == 400
    assert (await tell(world, told(world), provider="unheard-of")).status_code == 404
    async with httpx2.AsyncClient(base_url=world.url) as http:
        for content_type in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
            answer = await http.post("/auth/shared-signals/hostile", content="x", headers={"content-type": content_type})
            assert answer.status_code == 400
    assert (await world.me(token)).status_code == 200
