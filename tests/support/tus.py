"""Uploads as a telephone makes them, over HTTP and by hand, for tests that are about something else than the protocol's client."""

import asyncio
import base64
import uuid
from typing import Any

import httpx2

from tests.support.api import Api

TUS = {"tus-resumable": "1.0.0"}
BYTES = {"content-type": "application/offset+octet-stream"}


def key() -> dict[str, str]:
    """The header of an upload that has not been begun before."""
    return {"idempotency-key": str(uuid.uuid4())}


def told(**facts: str) -> dict[str, str]:
    """The header `Upload-Metadata`."""
    pairs = (f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in facts.items())
    return {"upload-metadata": ",".join(pairs)}


async def begun(api: Api, who: str, length: int, **facts: str) -> str:
    """A fresh upload; answers its address."""
    headers = {**TUS, **key(), "upload-length": str(length), **(told(**facts) if facts else {})}
    answer = await api.call(who, "POST", "/v1/uploads", headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def sent(api: Api, who: str, address: str, offset: int, content: bytes, **headers: str) -> httpx2.Response:
    """One PATCH."""
    fields = {**TUS, **BYTES, "upload-offset": str(offset), **headers}
    return await api.call(who, "PATCH", address, headers=fields, content=content)


async def offset_of(api: Api, who: str, address: str) -> int:
    """What HEAD says."""
    answer = await api.call(who, "HEAD", address, headers=TUS)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return int(answer.headers["upload-offset"])


async def checked(api: Api, who: str, address: str) -> dict[str, Any]:
    """The receipt, once the check is over."""
    await asyncio.gather(*api.parts.uploads.desk._checks)
    return dict((await api.get(who, address)).json())


async def uploaded(api: Api, who: str, content: bytes, name: str, **facts: str) -> dict[str, Any]:
    """Begun, sent and checked; answers the receipt."""
    address = await begun(api, who, len(content), filename=name, **facts)
    answer = await sent(api, who, address, 0, content)
    assert answer.status_code == 204, answer.text
    return await checked(api, who, address)
