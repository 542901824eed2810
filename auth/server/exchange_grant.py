"""A helper's own token and a citizen's code into a token with which to act for the citizen (RFC 8693)."""

from collections.abc import Callable, Coroutine
from typing import Any

import anyio.from_thread
from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, UnauthorizedClientError
from authlib.oauth2.rfc6749.grants import BaseGrant, TokenEndpointMixin

from auth.delegations.taking_up import Permissions
from auth.server.clients import EXCHANGE
from kernel.errors import Unauthenticated
from kernel.principal import Principal

CODE_TYPE = "urn:motcua:act-for-code"
ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - the name of a type

BearerOf = Callable[[str], Coroutine[Any, Any, tuple[Principal, str | None]]]


class ExchangeGrant(BaseGrant, TokenEndpointMixin):
    """Only a citizen's code is taken for the subject, and only an access token of ours for the actor."""

    GRANT_TYPE = EXCHANGE
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]
    permissions: Permissions
    bearer_of: BearerOf

    def validate_token_request(self) -> None:
        """Everything but the code itself, which is used up by looking at it."""
        client = self.authenticate_token_endpoint_client()
        if not client.check_grant_type(EXCHANGE):
            raise UnauthorizedClientError
        self.request.client = client
        said = self.request.form
        if said.get("subject_token_type") != CODE_TYPE or said.get("actor_token_type") != ACCESS_TOKEN_TYPE:
            raise InvalidRequestError(f"The subject has to be a {CODE_TYPE}, the actor an access token")

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """The helper's tokens; their refresh token goes on until the citizen's permission ends."""
        said, client = self.request.form, self.request.client
        helper = self._helper(said.get("actor_token", ""))
        if helper.client_id != client.client_id:
            raise InvalidGrantError("The actor's token is another client's")
        jkt, device = self.request.jkt, self.request.device
        grantee = self.permissions.take_up(said.get("subject_token", ""), helper, jkt=jkt, device=device)
        if grantee is None:
            raise InvalidGrantError("The code is not good, not any more, or not for this actor")
        made = self.server.make_token(client=client, user=grantee)
        return 200, {**made, "issued_token_type": ACCESS_TOKEN_TYPE}, self.TOKEN_RESPONSE_HEADER

    def _helper(self, token: str) -> Principal:
        try:
            helper, jkt = anyio.from_thread.run(self.bearer_of, token)
        except Unauthenticated as refused:
            raise InvalidGrantError("The actor's token is not good") from refused
        if jkt != self.request.jkt:
            # Who has stolen it has not the key with it; and nobody binds an app's helper to a key it has not.
            raise InvalidGrantError("The actor's token is bound to another key")
        return helper


def exchange_grant(permissions: Permissions, bearer_of: BearerOf) -> type[ExchangeGrant]:
    """The grant class Authlib makes an instance of for every request."""
    return type("BoundExchangeGrant", (ExchangeGrant,), {"permissions": permissions, "bearer_of": staticmethod(bearer_of)})
