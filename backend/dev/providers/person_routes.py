"""What a person's browser asks of a provider: the sign-in page, signing in, signing out."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post, route
from litestar.datastructures import Cookie
from litestar.di import NamedDependency

from backend.dev.providers import request as authorization
from backend.dev.providers.errors import Refused
from backend.dev.providers.faults import Fault
from backend.dev.providers.grants import SignIn
from backend.dev.providers.pages import page, stylesheet
from backend.dev.providers.provider import Provider
from backend.dev.providers.request import AuthorizationRequest
from backend.dev.providers.tokens import STRANGER

AnyRequest = Request[Any, Any, Any]
# The rest of the demo persons is one more click away.
SHOWN_AT_ONCE = 8


@get("/authorize", opt={"endpoint": "authorize"})
async def show_sign_in(request: AnyRequest, provider: NamedDependency[Provider]) -> Response[Any]:
    """The sign-in page, or the answer at once for `prompt=none`."""
    wanted = _read(request, provider)
    if "none" not in wanted.prompt:
        return _sign_in_page(provider, wanted)
    now = provider.now()
    sign_in = provider.grants.of_browser(request.cookies.get(provider.cookie_name), now)
    if sign_in is None or (wanted.max_age is not None and (now - sign_in.at).total_seconds() > wanted.max_age):
        raise wanted.refuse("login_required", "nobody is signed in, or not recently enough")
    return _redirect_with_code(provider, wanted, sign_in, request.state.fault)


@post("/authorize", status_code=303, opt={"endpoint": "signIn"})
async def sign_in(request: AnyRequest, provider: NamedDependency[Provider]) -> Response[Any]:
    """The page's form: sign the person in and send the browser back to the client with a code."""
    wanted = _read(request, provider)
    # A person's button and the text field share the name; a pressed button comes after the field, whatever was left in that.
    typed = str(["", *(await request.form()).getall("login", [])][-1])
    person = provider.find(typed)
    if person is None:
        return _sign_in_page(provider, wanted, typed=typed)
    return _redirect_with_code(provider, wanted, provider.grants.sign_in(person, provider.now()), request.state.fault)


@route("/end_session", http_method=["GET", "POST"], status_code=200, opt={"endpoint": "endSession"})
async def end_session(request: AnyRequest, provider: NamedDependency[Provider]) -> Response[Any]:
    """RP-Initiated Logout 1.0. Without a hint the person is asked first, or any page could sign people out."""
    form = await request.form() if request.method == "POST" else {}
    params = {**dict(request.query_params), **{name: str(value) for name, value in form.items()}}
    hinted, client = provider.hinted(params.get("id_token_hint", ""))
    client = client or provider.clients.registered.get(params.get("client_id", ""))
    of_browser = provider.grants.of_browser(request.cookies.get(provider.cookie_name), provider.now())
    if of_browser and not hinted and request.method == "GET":
        return page("sign_out.html", profile=provider.profile, person=of_browser.person)
    for ending in hinted or ([of_browser] if of_browser else []):
        await provider.sign_out(ending)
    back = params.get("post_logout_redirect_uri")
    if client and back in client.post_logout_redirect_uris:
        return _see_other(back, {"state": params.get("state")})
    return page("message.html", profile=provider.profile, heading="Đã đăng xuất", text="Bạn có thể đóng trang này.")


@get("/provider.css", sync_to_thread=False)
def style() -> Response[str]:
    """The pages' one style sheet."""
    return stylesheet()


def tell_client(refusal: Refused, issuer: str) -> Response[None]:
    """An authorization error, at the client's redirect address (RFC 6749, 4.1.2.1; RFC 9207 adds `iss`)."""
    params = {"error": refusal.error, "error_description": refusal.description, "state": refusal.state, "iss": issuer}
    return _see_other(refusal.redirect_uri, params)


def _read(request: AnyRequest, provider: Provider) -> AuthorizationRequest:
    return authorization.read(list(request.query_params.multi_items()), provider.clients.registered)


def _sign_in_page(provider: Provider, wanted: AuthorizationRequest, *, typed: str | None = None) -> Response[str]:
    """The page; with what was `typed` when nobody has that login."""
    people = list(provider.people.values())
    return page(
        "sign_in.html",
        status=200 if typed is None else 422,
        profile=provider.profile,
        shown=people[:SHOWN_AT_ONCE],
        others=people[SHOWN_AT_ONCE:],
        typed=typed,
        login=typed or wanted.login_hint or "",
    )


def _redirect_with_code(provider: Provider, wanted: AuthorizationRequest, sign_in: SignIn, fault: Fault) -> Response[None]:
    code = provider.grants.issue_code(wanted, sign_in, provider.now())
    state = "a state nobody sent" if "state" in fault.breaks else wanted.state
    # RFC 9207: which provider answers, so that a client of several cannot be made to take one's code to the other.
    issuer = STRANGER if "responseIssuer" in fault.breaks else provider.issuer
    answer = _see_other(wanted.redirect_uri, {"code": code, "state": state, "iss": issuer})
    answer.set_cookie(Cookie(key=provider.cookie_name, value=sign_in.cookie, httponly=True, samesite="lax"))
    return answer


def _see_other(address: str, params: dict[str, str | None]) -> Response[None]:
    """303 and never 307, which would send the form on to the client (RFC 9700, 4.12)."""
    query = urlencode({name: value for name, value in params.items() if value is not None})
    location = address + ("&" if "?" in address else "?") + query if query else address
    return Response(None, status_code=303, headers={"Location": location, "Cache-Control": "no-store"})
