"""What a provider publishes about itself, and its wrong answers on demand."""

from datetime import timedelta

import pytest
from joserfc.errors import BadSignatureError, InvalidKeyIdError, UnsupportedAlgorithmError

from backend.dev.providers.tokens import left_half
from tests.support.official_accounts import Browser

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(30)]


async def test_discovery_names_what_is_there(citizen: Browser) -> None:
    metadata = (await citizen.http.get("/.well-known/openid-configuration")).json()
    assert metadata["issuer"] == citizen.url
    assert metadata["authorization_response_iss_parameter_supported"] is True
    assert metadata["backchannel_logout_session_supported"] is True
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert metadata["acr_values_supported"] == ["vneid:1", "vneid:2"]
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"):
        assert (await citizen.http.get(metadata[name])).status_code in {200, 400, 401, 405}


async def test_the_jwks_holds_public_halves_and_the_old_key_after_a_rotation(citizen: Browser) -> None:
    before = (await citizen.tokens("lan"))["id_token"]
    (await citizen.http.post("/_control/rotate-keys", json={})).raise_for_status()
    after = (await citizen.tokens("lan"))["id_token"]
    assert await citizen.claims(before)
    assert await citizen.claims(after)
    keys = (await citizen.http.get("/jwks")).json()["keys"]
    assert len({key["kid"] for key in keys}) == 2
    assert not any("d" in key for key in keys)
    await citizen.http.post("/_control/rotate-keys", json={"keepOld": False})
    with pytest.raises(InvalidKeyIdError):
        await citizen.claims(after)


@pytest.mark.parametrize(
    ("wrong", "claim"),
    [("issuer", "iss"), ("audience", "aud"), ("nonce", "nonce"), ("expiry", "exp"), ("atHash", "at_hash")],
)
async def test_a_claim_is_wrong_on_demand_once(citizen: Browser, wrong: str, claim: str) -> None:
    right = await citizen.claims((await citizen.tokens("lan"))["id_token"])
    await citizen.arm(endpoint="token", **{"break": [wrong]}, times=1)
    first = await citizen.tokens("lan")
    broken = await citizen.claims(first["id_token"])
    if claim == "at_hash":
        assert broken[claim] != left_half(first["access_token"])
    else:
        assert broken[claim] != right[claim]
    second = await citizen.tokens("lan")
    assert (await citizen.claims(second["id_token"]))["at_hash"] == left_half(second["access_token"])


@pytest.mark.parametrize(
    ("wrong", "error"), [("signature", BadSignatureError), ("kid", InvalidKeyIdError), ("none", UnsupportedAlgorithmError)]
)
async def test_a_signature_is_worthless_on_demand(citizen: Browser, wrong: str, error: type[Exception]) -> None:
    await citizen.arm(endpoint="token", **{"break": [wrong]})
    with pytest.raises(error):
        await citizen.claims((await citizen.tokens("lan"))["id_token"])


async def test_the_other_answers_are_wrong_on_demand_and_right_again_after_clearing(citizen: Browser) -> None:
    await citizen.arm(**{"break": ["discoveryIssuer", "responseIssuer", "state", "subject"]})
    assert (await citizen.http.get("/.well-known/openid-configuration")).json()["issuer"] != citizen.url
    answer = await citizen.sign_in("lan")
    assert answer["iss"] != citizen.url
    assert answer["state"] != citizen.state
    citizen.client.token = await citizen.redeem(answer["code"])
    assert (await citizen.client.get(f"{citizen.url}/userinfo")).json()["sub"] == "somebody-else"
    await citizen.http.delete("/_control/faults")
    assert (await citizen.sign_in("lan"))["iss"] == citizen.url


async def test_an_endpoint_is_slow_or_down_on_demand(citizen: Browser) -> None:
    await citizen.arm(endpoint="jwks", status=503, delayMs=30, times=1)
    answer = await citizen.http.get("/jwks")
    assert (answer.status_code, answer.elapsed >= timedelta(milliseconds=30)) == (503, True)
    assert (await citizen.http.get("/jwks")).status_code == 200


async def test_a_form_of_another_page_cannot_pull_the_strings(citizen: Browser) -> None:
    assert (
        await citizen.http.post("/_control/sign-out", content='{"login":"lan"}', headers={"Content-Type": "text/plain"})
    ).status_code == 404
    assert (await citizen.http.post("/_control/faults", json={"breaks": []})).status_code == 400
