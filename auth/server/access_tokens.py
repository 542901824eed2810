"""What is in an access token: who, for what, until when. No name and nothing personal (RFC 9068, 6)."""

from collections.abc import Callable
from typing import Any

from authlib.oauth2.rfc6749 import InvalidScopeError

from auth.lifetimes import OF
from auth.server.clients import App, System
from auth.sessions.families import Grantee
from auth.tokens.signing_keys import SigningKeys
from kernel.clock import Clock
from kernel.ids import new_id


def token_generator(issuer: str, keys: SigningKeys, clock: Clock) -> Callable[..., dict[str, Any]]:
    """The function Authlib calls for every token answer. Authlib's own would make a token live ten days.

    A person's token is bound to the key of their session, a system's to `jkt`.
    """

    def generate(
        *, client: App | System, user: Grantee | None = None, scope: str | None = None, jkt: str | None = None, **_: Any
    ) -> dict[str, Any]:
        now = int(clock.now().timestamp())
        helper = user.session.get("helper") if user else None
        # What whoever acts for a citizen may do is the citizen's to say, not the client's.
        scope = user.session["scope"] if user and helper else client.get_allowed_scope(scope)
        if scope is None:
            raise InvalidScopeError
        claims: dict[str, Any] = {"iss": issuer, "aud": issuer, "client_id": client.client_id, "jti": new_id(), "scope": scope}
        if user is None:
            lifetime = int(OF["system"].access_token.total_seconds())
            claims["sub"] = client.client_id
        else:
            session, jkt = user.session, user.session.get("jkt")
            # No token outlives its session.
            left = int(session["expires_at"].timestamp()) - now
            lifetime = min(int(OF[session["kind"]].access_token.total_seconds()), left)
            claims |= {"sub": session["person_id"], "sid": session["_id"], "acr": str(session["assurance"])}
            if helper:
                # RFC 8693, 4.1: the token is the citizen's, and says who holds it.
                claims["act"] = {"sub": helper["person_id"]}
            if at := session.get("authenticated_at"):
                claims["auth_time"] = int(at.timestamp())
        claims |= {"iat": now, "exp": now + lifetime}
        if jkt:
            # RFC 9449, 6.1: whoever brings the token has to prove this key.
            claims["cnf"] = {"jkt": jkt}
        answer = {
            "token_type": "DPoP" if jkt else "Bearer",
            "access_token": keys.sign(claims, typ="at+jwt"),
            "expires_in": lifetime,
            "scope": scope,
        }
        return answer if user is None else answer | {"refresh_token": user.refresh_token}

    return generate
