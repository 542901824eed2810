"""The story of a dossier on paper: every form comes from the same facts, proves itself, and opens the dossier to its holder."""

import io
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from pypdf import PdfReader

from auth.tokens.slips import Slips
from backend.app.clients_file import auth_config
from backend.dossiers.documents import Dossier
from backend.dossiers.lookup import Secrets
from tests.api.test_new_dates import REASON, extend
from tests.api.test_supplements import ITEMS, asked, step
from tests.support.api import Api, assert_problem
from tests.support.feed import ago, event, new_code


async def words(api: Api, who: str, path: str) -> str:
    answer = await api.get(who, path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["repr-digest"].startswith("sha-256=:")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())


def secret_of(api: Api, dossier_id: str) -> str:
    return Secrets(api.parts.settings.key_secret.encode()).of(dossier_id)


def slips(api: Api) -> Slips:
    return Slips(auth_config(api.parts.settings).issuer, api.parts.auth.keys)


async def look_up(api: Api, **said: str) -> Any:
    return await api.call("", "POST", "/v1/dossiers/lookup", json=said)


async def test_every_form_says_what_the_app_says(api: Api) -> None:
    dossier_id = await asked(api)
    await step(api, dossier_id, "hoa", "papers_received")
    path = f"/v1/dossiers/{dossier_id}/documents"
    numbers = [one["number"] for one in (await api.get("lan", path)).json()["items"]]
    assert sorted(numbers) == ["01", "02-1", "06"]
    slip = await words(api, "lan", f"{path}/01")
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in slip
    assert "Nguyễn Thị Lan" in slip
    asking = await words(api, "lan", f"{path}/02-1")
    assert all(item in asking for item in ITEMS)
    assert "Được tiếp nhận" in await words(api, "lan", f"{path}/06")
    assert await words(api, "hoa", f"/v1/staff/dossiers/{dossier_id}/documents/02-1") == asking
    await step(api, dossier_id, "minh", "stop", reason="Công dân không bổ sung giấy tờ")
    assert "Công dân không bổ sung giấy tờ" in await words(api, "lan", f"{path}/05")
    assert_problem(await api.get("lan", f"{path}/03"), 404, "paper_not_found")


async def test_an_apology_and_a_refusal_are_on_paper(api: Api) -> None:
    late = await api.told(event(new_code(), dueAt=ago(hours=1)))
    assert (await extend(api, late)).status_code == 201
    assert REASON in await words(api, "lan", f"/v1/dossiers/{late}/documents/04-1")
    refused = await api.told(event(new_code(), "registered"))
    await step(api, refused, "hoa", "refuse", reason="Thửa đất thuộc địa bàn tỉnh khác")
    assert "Thửa đất thuộc địa bàn tỉnh khác" in await words(api, "lan", f"/v1/dossiers/{refused}/documents/03")


async def test_the_code_on_the_slip_is_verified_offline_and_opens_the_dossier(api: Api) -> None:
    code = new_code()
    dossier_id = await api.told(event(code, dueAt=ago(days=-5)))
    claims = {"sub": code, "exp": int(api.parts.clock.now().timestamp()) + 600, "sec": secret_of(api, dossier_id)}
    token = slips(api).sign(claims)
    keys = KeySet.import_key_set((await api.get("", "/oauth/jwks")).json())
    assert jwt.decode(token, keys, algorithms=["ES256"]).claims["sub"] == code
    seen = await look_up(api, token=token)
    assert seen.json()["status"]["name"] == "accepted"
    assert set(seen.json()) == {"code", "status", "statusAt", "overdue", "dueAt"}
    assert "Lan" not in seen.text
    assert_problem(await api.get("", "/v1/me", headers={"authorization": f"Bearer {token}"}), 401, "token_invalid")
    access = (await api.bearer("lan"))["authorization"].removeprefix("Bearer ")
    assert_problem(await look_up(api, token=access), 404, "dossier_not_found")
    old = slips(api).sign({**claims, "exp": 1})
    assert_problem(await look_up(api, token=old), 404, "dossier_not_found")
    assert_problem(await look_up(api, token=token[:-8] + "AAAAAAAA"), 404, "dossier_not_found")


async def test_the_secret_opens_its_own_dossier_and_no_other(api: Api) -> None:
    one, two = new_code(), new_code()
    first, second = await api.told(event(one)), await api.told(event(two))
    typed = secret_of(api, first).lower().replace("-", " ")
    assert (await look_up(api, code=one, secret=typed)).json()["code"] == one
    answers = [
        await look_up(api, code=one, secret=secret_of(api, second)),
        await look_up(api, code=new_code(), secret=secret_of(api, first)),
        await look_up(api, code="no code", secret=""),
        await look_up(api),
    ]
    assert len({str({**assert_problem(answer, 404, "dossier_not_found"), "traceId": ""}) for answer in answers}) == 1


async def test_a_secret_ends_when_the_dossier_has_been_over_for_a_while(api: Api) -> None:
    code = new_code()
    dossier_id = await api.told(event(code, "accepted", ago(days=120)), event(code, "stopped", ago(days=100)))
    assert_problem(await look_up(api, code=code, secret=secret_of(api, dossier_id)), 404, "dossier_not_found")


async def test_no_read_of_it_scans_the_collection(api: Api) -> None:
    code = new_code()
    await api.told(event(code))
    plan = await Dossier.get_pymongo_collection().find({"code": {"$eq": code}}).explain()
    assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])


@pytest.mark.parametrize("who", ["nam", "phuc"])
async def test_nobody_else_gets_a_paper(api: Api, who: str) -> None:
    dossier_id = await api.told(event(new_code()))
    path = "/v1/dossiers" if who == "nam" else "/v1/staff/dossiers"
    assert_problem(await api.get(who, f"{path}/{dossier_id}/documents/01"), 404, "dossier_not_found")
