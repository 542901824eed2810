"""Signing in with an official account, seen by an independent client."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from backend.dev.providers.profile import CITIZEN
from backend.dev.providers.tokens import left_half
from tests.support.official_accounts import Browser, browse, query_of

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(30)]


async def test_a_citizen_signs_in_and_the_client_gets_vneid_claims(citizen: Browser) -> None:
    answer = await citizen.sign_in("lan", acr_values="vneid:2")
    assert (answer["state"], answer["iss"]) == (citizen.state, citizen.url)
    tokens = await citizen.redeem(answer["code"])
    claims = await citizen.claims(tokens["id_token"])
    now = int(citizen.clock.now().timestamp())
    identity = {
        "HoVaTen": "Nguyễn Thị Lan",
        "SoDinhDanh": "096199000001",
        "NgayThangNamSinh": "19880308",
        "LoaiTaiKhoan": "1",
        "loginIdp": "BCA",
    }
    expected = {
        "iss": citizen.url,
        "aud": "app",
        "sub": "citizen-1",
        "nonce": citizen.nonce,
        "acr": "vneid:2",
        "auth_time": now,
        "exp": now + 300,
    }
    assert identity.items() <= claims.items()
    assert expected.items() <= claims.items()
    assert claims["at_hash"] == left_half(tokens["access_token"])
    citizen.client.token = tokens
    userinfo = (await citizen.client.get(f"{citizen.url}/userinfo")).json()
    assert {"sub": "citizen-1", **identity}.items() <= userinfo.items()


async def test_a_member_of_staff_signs_in_with_official_mail_and_rs256(staff: Browser) -> None:
    tokens = await staff.tokens("hoa")
    claims = await staff.claims(tokens["id_token"])
    assert {"name": "Trần Thị Hòa", "email": "hoa@ttpvhcc.camau.gov.vn", "email_verified": True}.items() <= claims.items()
    assert "roles" not in claims
    header = jwt.decode(tokens["id_token"], KeySet.import_key_set((await staff.http.get("/jwks")).json())).header
    assert header["alg"] == "RS256"


async def test_the_level_is_the_accounts_own_whatever_was_wished_for(citizen: Browser) -> None:
    answer = await citizen.sign_in("tuyet", acr_values="vneid:2")
    claims = await citizen.claims((await citizen.redeem(answer["code"]))["id_token"])
    assert claims["acr"] == "vneid:1"


async def test_one_may_type_a_personal_number_or_an_address_instead_of_a_login(citizen: Browser, staff: Browser) -> None:
    assert "code" in await citizen.sign_in(" 096199000001 ")
    assert "code" in await staff.sign_in("Hoa@ttpvhcc.camau.gov.vn")


async def test_identity_can_be_kept_out_of_the_id_token() -> None:
    async with browse(replace(CITIZEN, identity_in_id_token=False)) as browser:
        claims = await browser.claims((await browser.tokens("lan"))["id_token"])
        assert not set(CITIZEN.claim_names) & set(claims)


async def test_the_page_has_one_form_that_a_person_button_or_a_script_can_send(citizen: Browser) -> None:
    page = await citizen.http.get(citizen.address())
    assert page.status_code == 200
    assert page.text.count("<form") == 1
    assert re.search(r'<input[^>]* name="login"', page.text)
    assert "<script" not in page.text
    assert not re.search(r'(src|href|action)="https?:', page.text)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
    # A click on a person's button sends the text field too, before it, with whatever was left in it.
    clicked = await citizen.http.post(
        citizen.address(), content="login=nobody&login=lan", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert "code" in query_of(clicked)


async def test_an_unknown_login_shows_the_page_again_with_the_error(citizen: Browser) -> None:
    page = await citizen.http.post(citizen.address(), data={"login": "<b>nobody"})
    assert page.status_code == 422
    assert "Không có tài khoản “&lt;b&gt;nobody”" in page.text
    assert (await citizen.http.post(citizen.address(), data={})).status_code == 422


async def test_only_prompt_none_answers_from_an_earlier_sign_in_and_only_a_recent_one(citizen: Browser) -> None:
    assert (await citizen.sign_in_silently())["error"] == "login_required"
    await citizen.sign_in("lan")
    assert (await citizen.http.get(citizen.address())).status_code == 200
    assert "code" in await citizen.sign_in_silently(max_age=60)
    citizen.clock.advance(timedelta(seconds=61))
    assert (await citizen.sign_in_silently(max_age=60))["error"] == "login_required"
