"""What the contract says of endpoints that read their parameters themselves.

OAuth wants each parameter once and answers mistakes in its own form (RFC 6749, 5.2), so these handlers take the raw request, and
there is no signature to read the contract off. Their parameters are written down here instead, once, as data.
"""

from dataclasses import dataclass
from typing import Any

from litestar.openapi.spec import (
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
PAGE = "text/html"

AUTHORIZE = {
    "response_type": ("`code`.", "code"),
    "client_id": ("The app.", "motcua-demo"),
    "redirect_uri": ("Where the answer goes: a registered address, letter by letter.", "http://127.0.0.1/callback"),
    "code_challenge": ("SHA-256 of the verifier, base64url (RFC 7636).", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    "code_challenge_method": ("`S256`.", "S256"),
    "scope": ("`openid`; besides it `directory:manage`, to look after the staff directory.", "openid"),
    "state": ("Comes back unchanged.", "af0ifjsldkj"),
    "provider": ("The account provider; left out, the person is asked.", "citizen"),
}
STEP_UP = {
    "acr_values": ("The level of the account that is needed: `1` or `2` (RFC 9470).", "2"),
    "max_age": ("How many seconds ago the person may have proven themselves at most.", "300"),
    "prompt": ("`login`: prove yourself anew.", "login"),
    "dpop_jkt": (
        "Thumbprint of the key the code will be redeemed with (RFC 9449, 10).",
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
    ),
}
REQUEST_URI = {
    "request_uri": (
        "What a pushed request was answered with; then only `client_id` besides.",
        "urn:ietf:params:oauth:request_uri:x",
    )
}
OPTIONAL = {"scope", "state", "provider", *STEP_UP, *REQUEST_URI}

TOKEN = {
    "grant_type": (
        "`authorization_code`, `refresh_token`, `client_credentials`, or `urn:ietf:params:oauth:grant-type:token-exchange`.",
        "authorization_code",
    ),
    "client_id": ("The app. A system says who it is in its assertion.", "motcua-demo"),
    "code": ("authorization_code: what came back from authorize; good for a minute, once.", "SplxlOBeZQQYbYS6WxSbIA"),
    "redirect_uri": ("authorization_code: the same as at authorize.", "http://127.0.0.1/callback"),
    "code_verifier": ("authorization_code: what `code_challenge` was made of.", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    "refresh_token": ("refresh_token: the one from the last answer. Each is good once.", "8xLOxBtZp8"),
    "client_assertion_type": ("client_credentials: always this.", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
    "client_assertion": (
        "client_credentials: a JWT signed with the system's key (RFC 7523), good once.",
        "eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
    ),
    "subject_token": ("token-exchange: the code a citizen shows to who may act for them.", "7K3QM-2XF9D"),
    "subject_token_type": ("token-exchange: always this.", "urn:motcua:act-for-code"),
    "actor_token": ("token-exchange: the helper's own access token.", "eyJ0eXAiOiJhdCtqd3QifQ.e30.c2ln"),
    "actor_token_type": ("token-exchange: always this.", "urn:ietf:params:oauth:token-type:access_token"),
    "scope": ("Less than one might have.", "dossiers:write"),
}
TOKEN_ANSWER: dict[str, Any] = {
    "token_type": "Bearer",
    "access_token": "eyJ0eXAiOiJhdCtqd3QifQ.e30.c2ln",
    "expires_in": 600,
    "scope": "openid",
    "refresh_token": "8xLOxBtZp8",
}

OAUTH_ERROR = {
    "error": ("RFC 6749, 5.2: `invalid_grant`, `invalid_client`, `invalid_request`, `invalid_scope` ...", "invalid_grant"),
    "error_description": ("For developers, in English.", "The code has been used."),
}

REVOKE = {
    "token": ("An access token or a refresh token.", "8xLOxBtZp8"),
    "token_type_hint": ("`access_token` or `refresh_token`.", "refresh_token"),
    "client_id": ("The app.", "motcua-demo"),
}


@dataclass
class AuthorizeOperation(Operation):
    """GET /oauth/authorize."""

    def __post_init__(self) -> None:
        self.parameters = [
            Parameter(name, "query", _text(), description, required=name not in OPTIONAL, example=example)
            for name, (description, example) in {**AUTHORIZE, **STEP_UP, **REQUEST_URI}.items()
        ]
        self.responses = {"200": _page("A page: through which account provider?"), **_browser_answers()}


@dataclass
class CallbackOperation(Operation):
    """GET /auth/callback/{provider}."""

    def __post_init__(self) -> None:
        self.responses = {**_browser_answers()}


@dataclass
class PushOperation(Operation):
    """POST /oauth/par."""

    def __post_init__(self) -> None:
        said = {**AUTHORIZE, **STEP_UP}
        self.request_body = _form(said, required=[name for name in said if name not in OPTIONAL])
        properties = {"request_uri": _text(), "expires_in": Schema(type=OpenAPIType.INTEGER)}
        schema = Schema(type=OpenAPIType.OBJECT, properties=dict(properties), required=list(properties))
        example = {"request_uri": "urn:ietf:params:oauth:request_uri:x", "expires_in": 600}
        kept = OpenAPIResponse("Kept.", content={JSON: OpenAPIMediaType(schema, example=example)})
        self.responses = {"201": kept, **_oauth_errors()}


@dataclass
class IntrospectOperation(Operation):
    """POST /oauth/introspect."""

    def __post_init__(self) -> None:
        assertion = {name: TOKEN[name] for name in ("client_assertion_type", "client_assertion")}
        self.request_body = _form({"token": REVOKE["token"], **assertion}, required=["token", *assertion])
        properties = {"active": Schema(type=OpenAPIType.BOOLEAN), "sub": _text(), "client_id": _text(), "scope": _text()}
        schema = Schema(type=OpenAPIType.OBJECT, properties=dict(properties), required=["active"])
        content = {JSON: OpenAPIMediaType(schema, example={"active": False})}
        self.responses = {"200": OpenAPIResponse("What it is worth.", content=content), **_oauth_errors()}


@dataclass
class TokenOperation(Operation):
    """POST /oauth/token."""

    def __post_init__(self) -> None:
        self.request_body = _form(TOKEN, required=["grant_type"])
        types = {
            name: OpenAPIType.INTEGER if isinstance(value, int) else OpenAPIType.STRING for name, value in TOKEN_ANSWER.items()
        }
        schema = Schema(
            type=OpenAPIType.OBJECT,
            properties={name: Schema(type=kind) for name, kind in types.items()},
            required=[name for name in TOKEN_ANSWER if name != "refresh_token"],
        )
        content = {JSON: OpenAPIMediaType(schema, example=TOKEN_ANSWER)}
        self.responses = {"200": OpenAPIResponse("The tokens. Systems get no refresh token.", content=content), **_oauth_errors()}


@dataclass
class RevokeOperation(Operation):
    """POST /oauth/revoke."""

    def __post_init__(self) -> None:
        self.request_body = _form(REVOKE, required=["token", "client_id"])
        content = {JSON: OpenAPIMediaType(Schema(type=OpenAPIType.OBJECT), example={})}
        done = OpenAPIResponse("Whatever the token was, it is good for nothing now.", content=content)
        self.responses = {"200": done, **_oauth_errors()}


def _oauth_errors() -> dict[str, OpenAPIResponse]:
    """RFC 6749, 5.2: errors of this endpoint have a form of their own."""
    properties = {name: _text(description) for name, (description, _) in OAUTH_ERROR.items()}
    schema = Schema(type=OpenAPIType.OBJECT, title="OAuthError", properties=dict(properties), required=["error"])
    grant = {name: example for name, (_, example) in OAUTH_ERROR.items()}
    client = {"error": "invalid_client"}
    return {
        "400": OpenAPIResponse("What was asked for is not given.", content={JSON: OpenAPIMediaType(schema, example=grant)}),
        "401": OpenAPIResponse("The client is not who it says.", content={JSON: OpenAPIMediaType(schema, example=client)}),
    }


def _page(description: str) -> OpenAPIResponse:
    return OpenAPIResponse(description, content={PAGE: OpenAPIMediaType(_text())})


def _browser_answers() -> dict[str, OpenAPIResponse]:
    """Whoever is in front of the browser reads a page; the app hears of a failure only where its address is known and right."""
    location = OpenAPIHeader(schema=_text(), description="Where to go on.", required=True)
    on = "On to the account provider, or back to the app with `code`, or with `error`."
    return {
        "302": OpenAPIResponse(on, headers={"Location": location}),
        "400": _page("A page: the request cannot be followed."),
        "403": _page("A page: this account cannot be used here."),
        "404": _page("A page: there is no such account provider."),
        "503": _page("A page: the account provider does not answer."),
    }


def _form(fields: dict[str, tuple[str, str]], *, required: list[str]) -> RequestBody:
    properties = {name: _text(description) for name, (description, _) in fields.items()}
    schema = Schema(type=OpenAPIType.OBJECT, properties=dict(properties), required=required)
    example = {name: example for name, (_, example) in fields.items() if name in required or name == "client_id"}
    return RequestBody({FORM: OpenAPIMediaType(schema, example=example)}, required=True)


def _text(description: str | None = None) -> Schema:
    return Schema(type=OpenAPIType.STRING, description=description)
