"""What speaks Open311: reports officers have made public, and what a partner's app sends."""

from typing import Any
from urllib.parse import urlencode

import httpx2

from tests.support.api import Api
from tests.support.parts import PARTNER_KEY
from tests.support.reports import AT_A_PLACE, in_state

V2 = "/open311/v2"
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
IN_PUBLIC = "Đèn đường ở một khu dân cư không sáng nhiều đêm liền."


def sent(**change: str | None) -> dict[str, str]:
    """A right form; `change` replaces fields, and None leaves one out."""
    usual = {
        "api_key": PARTNER_KEY,
        "service_code": "power_lighting",
        "lat": "9.176823",
        "long": "105.152411",
        "description": "Đèn đường trước chợ không sáng đã ba đêm",
    }
    return {name: value for name, value in {**usual, **change}.items() if value is not None}


async def post(api: Api, fields: Any, form: str = "json", **headers: str) -> httpx2.Response:
    """A partner's app sends this."""
    return await api.call("", "POST", f"{V2}/requests.{form}", content=urlencode(fields).encode(), headers={**FORM, **headers})


async def publish(api: Api, feedback_id: str, text: str = IN_PUBLIC) -> None:
    """An officer lets everybody read of it."""
    answer = await api.call("minh", "PUT", f"/v1/staff/feedback/{feedback_id}/public", json={"publicText": text})
    assert answer.status_code == 200, answer.text


async def published(api: Api, state: str = "assigned", **change: Any) -> str:
    """A public report; answers its id."""
    feedback_id = await in_state(api, state, **{**AT_A_PLACE, **change})
    await publish(api, feedback_id)
    return feedback_id


async def code_of(api: Api, feedback_id: str) -> str:
    row = await api.parts.db["feedback"].find_one({"_id": feedback_id}, {"code": 1})
    assert row
    return str(row["code"])


async def named(api: Api, operation: str) -> dict[str, str]:
    """The blanks of an operation's path."""
    if operation == "readOpen311Service":
        return {"member": "water.json"}
    if operation in ("readOpen311Token", "readOpen311Request"):
        feedback_id = await published(api)
        return {"member": f"{feedback_id if 'Token' in operation else await code_of(api, feedback_id)}.json"}
    return {"document": "discovery.json", "resource": "requests.json"}
