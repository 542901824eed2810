"""Where a citizen is reached is changed by somebody who has signed in just now, and by nobody who merely holds a token (SEC-36)."""

from datetime import timedelta
from typing import Any

import pytest

from auth.documents import Session
from kernel.ids import new_id
from notifications.documents import PushTarget
from tests.support.api import Api, assert_problem

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-36")]

LONG_AGO = timedelta(minutes=5, seconds=1)


def phone(value: str = "") -> dict[str, Any]:
    return {"platform": "android", "target": {"kind": "fid", "value": value or new_id()}, "locale": "vi", "appVersion": "1.0.0"}


class Held:
    """A token of Lan's, in somebody's hand."""

    def __init__(self, api: Api, token: str, session: str) -> None:
        self.api, self.session = api, session
        self.headers = {"authorization": f"Bearer {token}"}

    async def put(self, installation: str, body: dict[str, Any]) -> Any:
        return await self.api.call("", "PUT", f"/v1/push-targets/{installation}", json=body, headers=self.headers)

    async def delete(self, installation: str) -> Any:
        return await self.api.call("", "DELETE", f"/v1/push-targets/{installation}", headers=self.headers)

    async def lies(self, **changes: Any) -> None:
        """The session's facts become older, or what the test says."""
        await Session.get_pymongo_collection().update_one({"_id": self.session}, {"$set": changes})
        self.api.parts.auth.tokens._remembered.clear()

    async def grows_old(self) -> None:
        past = self.api.parts.clock.now() - LONG_AGO
        await self.lies(created_at=past, authenticated_at=past)


async def a_sign_in(api: Api) -> Held:
    token = await api.callers.token("lan")
    session = (await api.parts.auth.tokens.verify(token)).session_id
    assert session
    return Held(api, token, session)


async def test_a_token_of_an_old_sign_in_brings_no_phone_of_its_own(api: Api) -> None:
    held, installation = await a_sign_in(api), new_id()
    await held.grows_old()
    refused = await held.put(installation, phone())
    assert_problem(refused, 401, "step_up_required")
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_user_authentication", max_age="300"'
    assert await PushTarget.get(installation) is None


async def test_it_takes_over_and_silences_no_phone_of_another_session(api: Api) -> None:
    hers, held, installation, body = await a_sign_in(api), await a_sign_in(api), new_id(), phone()
    assert (await hers.put(installation, body)).status_code == 200
    await held.grows_old()
    for refused in (await held.put(installation, phone()), await held.delete(installation)):
        assert_problem(refused, 401, "step_up_required")
    target = await PushTarget.get(installation)
    assert target
    assert (target.active, target.target.value, target.session_id) == (True, body["target"]["value"], hers.session)


async def test_a_phone_goes_on_saying_where_it_is_for_as_long_as_its_session_lives(api: Api) -> None:
    held, installation = await a_sign_in(api), new_id()
    assert (await held.put(installation, phone())).status_code == 200
    await held.grows_old()
    # Firebase hands out other addresses when nobody is looking.
    assert (await held.put(installation, phone())).status_code == 200
    assert (await held.delete(installation)).status_code == 204


async def test_a_fresh_proof_at_the_provider_or_a_session_just_begun_will_do(api: Api) -> None:
    now = api.parts.clock.now()
    for begun, proved in ((now, None), (now, now - LONG_AGO), (now - LONG_AGO, now)):
        held = await a_sign_in(api)
        await held.lies(created_at=begun, authenticated_at=proved)
        assert (await held.put(new_id(), phone())).status_code == 200


async def test_the_fifth_minute_still_counts(api: Api) -> None:
    held = await a_sign_in(api)
    edge = api.parts.clock.now() - timedelta(minutes=5)
    await held.lies(created_at=edge, authenticated_at=None)
    assert (await held.put(new_id(), phone())).status_code == 200
    await held.lies(created_at=edge - timedelta(seconds=1))
    assert_problem(await held.put(new_id(), phone()), 401, "step_up_required")
