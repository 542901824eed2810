"""An authorization request, read and checked (OpenID Connect Core 3.1.2, RFC 7636)."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from backend.dev.providers.client import Client
from backend.dev.providers.errors import Refused, Untrusted

PROMPTS = frozenset({"none", "login", "consent", "select_account"})
# 43 characters of base64url: a SHA-256 hash (RFC 7636, 4.2).
S256_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What a client asks for."""

    client: Client
    redirect_uri: str
    scope: frozenset[str]
    state: str | None
    nonce: str | None
    challenge: str | None
    prompt: frozenset[str]
    max_age: int | None
    login_hint: str | None

    def refuse(self, error: str, description: str) -> Refused:
        return Refused(self.redirect_uri, self.state, error, description)


def read(pairs: list[tuple[str, str]], clients: Mapping[str, Client]) -> AuthorizationRequest:
    """Check a query.

    `acr_values` is accepted and not looked at: it is a wish (Core, 3.1.2.1), and the answer names the level the account really has.

    Raises:
        Untrusted: nobody can be told but the person.
        Refused: the client is told.
    """
    params = dict(pairs)
    client = clients.get(params.get("client_id", ""))
    if client is None:
        raise Untrusted("Ứng dụng chưa được đăng ký với máy chủ này (client_id).")
    redirect_uri = params.get("redirect_uri", "")
    if redirect_uri not in client.redirect_uris:
        raise Untrusted("Địa chỉ chuyển về không thuộc ứng dụng này (redirect_uri).")
    if problem := _problem(pairs, params):
        raise Refused(redirect_uri, params.get("state"), *problem)
    return AuthorizationRequest(
        client=client,
        redirect_uri=redirect_uri,
        scope=frozenset(params["scope"].split()),
        state=params.get("state"),
        nonce=params.get("nonce"),
        challenge=params.get("code_challenge"),
        prompt=frozenset(params.get("prompt", "").split()),
        max_age=int(params["max_age"]) if "max_age" in params else None,
        login_hint=params.get("login_hint"),
    )


def _problem(pairs: list[tuple[str, str]], params: Mapping[str, str]) -> tuple[str, str] | None:  # noqa: PLR0911 - a list of checks
    """The protocol's word for what is wrong with the request, and a sentence; None when it is well-formed."""
    prompt = set(params.get("prompt", "").split())
    method = params.get("code_challenge_method")
    if twice := [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]:
        return "invalid_request", f"{twice[0]} stands twice"
    if "request" in params:
        return "request_not_supported", "request objects are not supported"
    if params.get("response_type") != "code":
        return "unsupported_response_type", "only response_type=code is supported"
    if params.get("response_mode", "query") != "query":
        return "invalid_request", "only response_mode=query is supported"
    if "openid" not in params.get("scope", "").split():
        return "invalid_scope", "scope openid is missing"
    if method is not None and method != "S256":
        return "invalid_request", "only code_challenge_method=S256 is supported"
    if "code_challenge" in params and (method is None or not S256_CHALLENGE.fullmatch(params["code_challenge"])):
        return "invalid_request", "code_challenge is not an S256 challenge"
    if not prompt <= PROMPTS or ("none" in prompt and len(prompt) > 1):
        return "invalid_request", "prompt is not understood"
    if not params.get("max_age", "0").isdecimal():
        return "invalid_request", "max_age is not a number of seconds"
    return None
