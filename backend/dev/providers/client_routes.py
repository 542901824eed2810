"""What a client asks of a provider, server to server: discovery, tokens, keys, userinfo."""

from typing import Any

from litestar import Request, Response, get, post, route
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_401_UNAUTHORIZED

from backend.dev.providers import tokens
from backend.dev.providers.client import ASSERTION_ALGORITHMS, AUTH_METHODS
from backend.dev.providers.errors import OAuthError
from backend.dev.providers.grants import TOKEN_LIFETIME
from backend.dev.providers.provider import Provider
from backend.dev.providers.request import PROMPTS

AnyRequest = Request[Any, Any, Any]
NO_STORE = {"Cache-Control": "no-store"}
CACHED = {"Cache-Control": "max-age=300"}


@get("/.well-known/openid-configuration", opt={"endpoint": "discovery"}, sync_to_thread=False)
def discovery(request: AnyRequest, provider: NamedDependency[Provider]) -> Response[dict[str, Any]]:
    """OpenID Connect Discovery 1.0, 3."""
    at, profile = provider.issuer, provider.profile
    metadata = {
        "issuer": tokens.STRANGER if "discoveryIssuer" in request.state.fault.breaks else at,
        "authorization_endpoint": f"{at}/authorize",
        "token_endpoint": f"{at}/token",
        "userinfo_endpoint": f"{at}/userinfo",
        "jwks_uri": f"{at}/jwks",
        "end_session_endpoint": f"{at}/end_session",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [profile.algorithm],
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(profile.scopes),
        "claims_supported": ["sub", "acr", "amr", "auth_time", "sid", *profile.claim_names],
        "acr_values_supported": list(profile.acr_values),
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": ["vi"],
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }
    return Response(metadata, headers=CACHED)


@get("/jwks", opt={"endpoint": "jwks"}, sync_to_thread=False)
def jwks(provider: NamedDependency[Provider]) -> Response[dict[str, Any]]:
    """RFC 7517."""
    return Response(provider.keys.published(), headers=CACHED)


@post("/token", status_code=200, opt={"endpoint": "token"})
async def token(request: AnyRequest, provider: NamedDependency[Provider]) -> Response[dict[str, Any]]:
    """A code for an ID token and an access token (OpenID Connect Core, 3.1.3)."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    now = provider.now()
    audiences = [f"{provider.issuer}/token", provider.issuer]
    client = provider.clients.authenticate(request.headers.get("authorization"), form, audiences, now)
    if form.get("grant_type") != "authorization_code":
        raise OAuthError("unsupported_grant_type", "only authorization_code is supported")
    verifier, redirect_uri = form.get("code_verifier"), form.get("redirect_uri", "")
    access_token, grant = provider.grants.redeem(form.get("code", ""), client, redirect_uri, verifier, now)
    claims = tokens.id_token_claims(provider.issuer, provider.profile, grant, access_token, now)
    breaks = request.state.fault.breaks
    answer = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFETIME.total_seconds()),
        "scope": " ".join(sorted(grant.request.scope & set(provider.profile.scopes))),
        "id_token": tokens.sign_id_token(provider.keys, tokens.broken(claims, breaks), breaks),
    }
    return Response(answer, headers=NO_STORE)


@route("/userinfo", http_method=["GET", "POST"], status_code=200, opt={"endpoint": "userinfo"})
async def userinfo(request: AnyRequest, provider: NamedDependency[Provider]) -> Response[dict[str, Any]]:
    """The identity claims (OpenID Connect Core, 5.3)."""
    scheme, _, access_token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise OAuthError("invalid_token", "a Bearer token is needed", 401)
    grant = provider.grants.of_token(access_token, provider.now())
    person = grant.sign_in.person
    subject = "somebody-else" if "subject" in request.state.fault.breaks else person.subject
    return Response({"sub": subject, **provider.profile.claims(person, grant.request.scope)}, headers=NO_STORE)


def oauth_error(_: AnyRequest, error: OAuthError) -> Response[dict[str, str]]:
    """RFC 6749, 5.2, and for a token that is no good RFC 6750, 3."""
    headers = dict(NO_STORE)
    if error.status == HTTP_401_UNAUTHORIZED:
        scheme = "Basic" if error.error == "invalid_client" else "Bearer"
        headers["WWW-Authenticate"] = f'{scheme} realm="provider", error="{error.error}"'
    return Response({"error": error.error, "error_description": error.description}, status_code=error.status, headers=headers)
