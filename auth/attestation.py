"""Is it really our app that asks (SEC-66)? A port for whoever vouches for apps, and the rule what to do when nobody does.

    off      nobody is asked        observe   a missing or bad attestation is logged        enforce   it is refused

Asked where an app speaks to us itself and something begins: pushing a request, and getting tokens. The browser on its way through
the authorization endpoint carries no header of the app's.
"""

from typing import Literal, Protocol

import structlog

from auth.config import AuthConfig

log = structlog.get_logger(__name__)

Mode = Literal["off", "observe", "enforce"]
HEADER = "x-firebase-appcheck"


class Attestor(Protocol):
    """Whoever vouches for apps."""

    async def app_of(self, token: str) -> str | None:
        """The id of the app this token vouches for; None when it is not good."""
        ...


class Attestation:
    """The question, asked of every app but those that have no ids to vouch for."""

    def __init__(self, config: AuthConfig, attestor: Attestor | None, mode: Mode) -> None:
        self._config, self._attestor = config, attestor
        self._mode: Mode = mode if attestor else "off"

    @property
    def refuses(self) -> bool:
        """Is an app sent away for which nobody vouches?"""
        return self._mode == "enforce"

    async def doubt(self, client_id: str, token: str | None) -> str:
        """What speaks against this app being ours: nothing, `missing`, `invalid` or `another_app`."""
        app = self._config.app_client(client_id)
        if self._mode == "off" or self._attestor is None or app is None or not app.attested_as:
            return ""
        attested = await self._attestor.app_of(token) if token else None
        if attested is not None and attested in app.attested_as:
            return ""
        why = "missing" if not token else "invalid" if attested is None else "another_app"
        log.warning("attestation.failed", client=client_id, why=why, mode=self._mode)
        return why
