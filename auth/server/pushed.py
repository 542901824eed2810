"""Authorization requests pushed beforehand (RFC 9126): the app tells us what it wants, and the browser carries a name for it."""

from datetime import timedelta

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError

from auth.config import AuthConfig
from auth.documents import PushedRequest
from auth.errors import AuthorizationRequestMalformed
from auth.lifetimes import PUSHED_REQUEST
from auth.opaque import digest, new_secret
from kernel.clock import Clock

URN = "urn:ietf:params:oauth:request_uri:"


class PushedRequests:
    """What apps have pushed and no browser has brought yet."""

    def __init__(self, config: AuthConfig, clock: Clock) -> None:
        self._config, self._clock = config, clock

    def checked(self, said: dict[str, str], jkt: str | None) -> dict[str, str]:
        """The request as it will be kept, when its sender may push it; with the key it was proven with.

        Raises:
            OAuth2Error: no such app or address, or the request names a pushed one or another key.
        """
        app = self._config.app_client(said.get("client_id", ""))
        if app is None:
            raise InvalidClientError(description="There is no such app")
        # RFC 9126, 2.1: "The request_uri authorization request parameter is one exception, and it MUST NOT be provided."
        if "request_uri" in said or "request" in said:
            raise InvalidRequestError("A pushed request cannot name another")
        if not app.allows_redirect_to(said.get("redirect_uri", "")):
            raise InvalidRequestError("redirect_uri is not registered")
        # RFC 9449, 10.1: a proof with the pushed request names the key as well as dpop_jkt does.
        if jkt is not None and said.get("dpop_jkt", jkt) != jkt:
            raise InvalidRequestError("dpop_jkt is not the key of the proof")
        return said | ({"dpop_jkt": jkt} if jkt else {})

    async def keep(self, said: dict[str, str]) -> tuple[str, timedelta]:
        """Keep a checked request; answers its name, and for how long it is good."""
        name, now = new_secret(), self._clock.now()
        request = PushedRequest(
            id=digest(name), client_id=said["client_id"], request=said, created_at=now, expires_at=now + PUSHED_REQUEST
        )
        await request.commit()
        return URN + name, PUSHED_REQUEST

    async def read(self, name: str, client_id: str) -> dict[str, str]:
        """The request of this name, pushed by this app.

        Raises:
            AuthorizationRequestMalformed: there is none, or not any more.
        """
        found = await PushedRequest.find_one({"_id": digest(name.removeprefix(URN)), "client_id": {"$eq": client_id}})
        if found is None or found.expires_at <= self._clock.now():
            raise AuthorizationRequestMalformed
        return dict(found.request)

    async def use_up(self, name: str) -> None:
        """It has gone to a provider and is good no more (RFC 9126, 4).

        Raises:
            AuthorizationRequestMalformed: somebody else was quicker.
        """
        done = await PushedRequest.get_pymongo_collection().delete_one({"_id": digest(name.removeprefix(URN))})
        if not done.deleted_count:
            raise AuthorizationRequestMalformed
