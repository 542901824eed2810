"""What a provider remembers between two requests: sign-ins, codes and access tokens. In memory, for the life of the process."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.dev.providers.client import Client
from backend.dev.providers.errors import OAuthError
from backend.dev.providers.person import Person
from backend.dev.providers.request import AuthorizationRequest

CODE_LIFETIME = timedelta(seconds=60)
TOKEN_LIFETIME = timedelta(minutes=10)
SIGN_IN_LIFETIME = timedelta(hours=8)


@dataclass(slots=True, eq=False)
class SignIn:
    """One person in one browser; `sid` names it in every token made of it."""

    sid: str
    cookie: str
    person: Person
    at: datetime
    clients: dict[str, Client] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Grant:
    """What one authorization request was given: first behind a code, then behind an access token."""

    request: AuthorizationRequest
    sign_in: SignIn
    expires_at: datetime
    access_token: str | None = None


class Grants:
    """Everything that was given out and is still good."""

    def __init__(self) -> None:
        self._sign_ins: dict[str, SignIn] = {}
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}

    def sign_in(self, person: Person, now: datetime) -> SignIn:
        self._forget_expired(now)
        sign_in = SignIn(secrets.token_urlsafe(16), secrets.token_urlsafe(32), person, now)
        self._sign_ins[sign_in.cookie] = sign_in
        return sign_in

    def of_browser(self, cookie: str | None, now: datetime) -> SignIn | None:
        """The sign-in a browser's cookie stands for."""
        self._forget_expired(now)
        return self._sign_ins.get(cookie or "")

    def of_person(self, login: str) -> list[SignIn]:
        return [sign_in for sign_in in self._sign_ins.values() if sign_in.person.login == login]

    def of_sid(self, sid: str) -> list[SignIn]:
        return [sign_in for sign_in in self._sign_ins.values() if sign_in.sid == sid]

    def issue_code(self, request: AuthorizationRequest, sign_in: SignIn, now: datetime) -> str:
        sign_in.clients[request.client.client_id] = request.client
        code = secrets.token_urlsafe(32)
        self._codes[code] = Grant(request, sign_in, now + CODE_LIFETIME)
        return code

    def redeem(self, code: str, client: Client, redirect_uri: str, verifier: str | None, now: datetime) -> tuple[str, Grant]:
        """An access token for a code, once. A second try kills the first one's token (RFC 6749, 4.1.2).

        Raises:
            OAuthError: `invalid_grant`.
        """
        grant = self._codes.get(code)
        if grant is None or now >= grant.expires_at:
            raise OAuthError("invalid_grant", "the code is unknown or expired")
        if grant.access_token is not None:
            self._tokens.pop(grant.access_token, None)
            raise OAuthError("invalid_grant", "the code was used before")
        # Burnt from here on: a wrong guess at the verifier must not have a second try.
        access_token = grant.access_token = secrets.token_urlsafe(32)
        if grant.request.client is not client or grant.request.redirect_uri != redirect_uri:
            raise OAuthError("invalid_grant", "the code was given to another client or address")
        # RFC 9700, 2.1.1: a verifier without a challenge is a downgrade attempt, not a harmless extra.
        if (_s256(verifier) if verifier else None) != grant.request.challenge:
            raise OAuthError("invalid_grant", "code_verifier does not match the challenge")
        self._tokens[access_token] = Grant(grant.request, grant.sign_in, now + TOKEN_LIFETIME)
        return access_token, grant

    def of_token(self, access_token: str, now: datetime) -> Grant:
        """What an access token stands for.

        Raises:
            OAuthError: `invalid_token`, 401 (RFC 6750, 3.1).
        """
        grant = self._tokens.get(access_token)
        if grant is None or now >= grant.expires_at:
            raise OAuthError("invalid_token", "the access token is unknown or expired", 401)
        return grant

    def end(self, sign_in: SignIn) -> None:
        """The person signs out: what was made of this sign-in is worth nothing any more."""
        self._sign_ins.pop(sign_in.cookie, None)
        self._codes = {code: grant for code, grant in self._codes.items() if grant.sign_in is not sign_in}
        self._tokens = {token: grant for token, grant in self._tokens.items() if grant.sign_in is not sign_in}

    def _forget_expired(self, now: datetime) -> None:
        self._sign_ins = {cookie: s for cookie, s in self._sign_ins.items() if now < s.at + SIGN_IN_LIFETIME}
        self._codes = {code: grant for code, grant in self._codes.items() if now < grant.expires_at}
        self._tokens = {token: grant for token, grant in self._tokens.items() if now < grant.expires_at}


def _s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
