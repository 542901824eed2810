"""Who we are to a provider: a key where one is configured, a secret in a header otherwise, never a secret in a body (SEC-20)."""

import secrets
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from auth.providers.relying_party import RelyingParty
from tests.api.auth.world import World

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-20")]


async def redeemed(world: World, party: RelyingParty) -> dict[str, str]:
    """Through the hostile provider; answers the form it got at its token endpoint."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    page = await party.authorization_url(state=state, nonce=nonce, code_verifier=verifier, asked={})
    async with httpx2.AsyncClient() as http:
        back = parse_qs(urlsplit((await http.get(page)).headers["location"]).query)
    account = await party.redeem(back["code"][0], iss=back["iss"][0], nonce=nonce, code_verifier=verifier)
    assert account.subject == world.hostile.subject
    await party.close()
    return world.hostile.token_requests[-1]


async def test_with_a_key_we_prove_it_and_send_no_secret(world: World) -> None:
    key = ECKey.generate_key("P-256")
    configured = world.config.provider("hostile")
    assert configured
    pem = key.as_pem(private=True).decode()
    provider = msgspec.structs.replace(configured, private_key_pem=pem, private_key_algorithm="ES256")
    form = await redeemed(world, RelyingParty(world.config, provider, world.clock))
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    claims = jwt.decode(form["client_assertion"], key, algorithms=["ES256"]).claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("motcua", "motcua", f"{world.hostile.issuer}/token")
    assert claims["exp"] > claims["iat"]
    assert claims["jti"]
    assert "client_secret" not in form


async def test_with_a_secret_it_stands_in_the_header_alone(world: World) -> None:
    configured = world.config.provider("hostile")
    assert configured
    form = await redeemed(world, RelyingParty(world.config, configured, world.clock))
    assert not {"client_secret", "client_assertion"} & form.keys()
