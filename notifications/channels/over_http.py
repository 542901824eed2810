"""One question to a provider over HTTP, told apart as every channel needs it: answered, never sent, or lost on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
import structlog

log = structlog.get_logger(__name__)

CONNECT_S = 5.0
ALL_S = 15.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    body: bytes = field(repr=False)
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class NeverSent:
    """No connection: nothing has left."""


@dataclass(frozen=True, slots=True)
class Lost:
    """It has left, in part at least, and no answer came."""


Reply = Answered | NeverSent | Lost


class Provider:
    """A client for one provider. It follows no redirect: whoever answers so is not who was asked."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        timeout = httpx2.Timeout(ALL_S, connect=CONNECT_S)
        self._http = httpx2.AsyncClient(headers=dict(headers or {}), timeout=timeout, follow_redirects=False, trust_env=False)

    async def post(self, url: str, **request: Any) -> Reply:
        """Ask once; `request` is httpx's (`json`, `data`, `headers`)."""
        try:
            answer = await self._http.post(url, **request)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            log.info("provider.not_reached", error=type(error).__name__)
            return NeverSent()
        except httpx2.HTTPError as error:
            log.info("provider.no_answer", error=type(error).__name__)
            return Lost()
        return Answered(answer.status_code, answer.content, answer.headers.get("retry-after"))

    async def close(self) -> None:
        """Give up the connections."""
        await self._http.aclose()
