"""Coming in by the staff's account provider, going out, and how one likes to read."""

import secrets
from typing import Any
from urllib.parse import quote, unquote, urlencode

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie

from auth.lifetimes import LOGIN_TRANSACTION, OF
from auth.server.sign_in import AUTHORIZE
from backend.console import secrecy, sessions
from backend.console.api.edge import AS_PAGES, PAGE, Asked, go_to
from backend.console.calls import call
from backend.console.errors import NotSignedIn, SignInFailed
from backend.console.pages import page_for_anybody
from backend.console.visit import CLIENT, FORM, THEMES, Console, TheConsole, TheVisit
from backend.console.wording import LANGUAGES
from kernel.http.access import everybody
from kernel.http.head import ONCE
from kernel.http.limits import limited

HOME, ATTEMPT = "/console/", "console_signin"
A_YEAR_S = 365 * 24 * 3600
# What a browser that is signed out should forget of us.
FORGET = {"clear-site-data": '"cache", "storage"'}


def inside(address: str) -> str:
    """The address where it is a page of the console; else its first page. Nobody is sent elsewhere from here (CWE-601)."""
    plain = address.startswith(HOME) and not set(address) & set("\\\r\n\t ") and "//" not in address.partition("?")[0]
    return address if plain else HOME


class SigningIn(Controller):
    """The way in and out."""

    path = "/console"
    guards = (everybody,)
    include_in_schema = False
    opt = PAGE
    exception_handlers = AS_PAGES

    @get("/sign-in", operation_id="showConsoleSignIn", summary="The door")
    async def door(self, request: Asked, console: TheConsole) -> Response[str]:
        """The door, for who is not signed in."""
        # Where the console is not set up, the door says so.
        console.provider()
        then = inside(request.query_params.get("next", HOME))
        return page_for_anybody(request, console.clock.now(), "sign_in.html", then=then)

    @get("/sign-in/start", operation_id="startConsoleSignIn", summary="Begin", opt=limited("authorize"))
    async def start(self, request: Asked, console: TheConsole) -> Response[Any]:
        """To the account provider: authorization code with PKCE; `anew=1` wants the person to prove themselves once more."""
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        then = quote(inside(request.query_params.get("next", HOME)), safe="")
        asked = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": console.callback,
            "code_challenge": secrecy.challenge_of(verifier),
            "code_challenge_method": "S256",
            "scope": console.scope,
            "state": state,
            "provider": console.provider(),
        }
        if request.query_params.get("anew"):
            asked |= {"prompt": "login", "max_age": "0"}
        answer = go_to(f"{AUTHORIZE}?{urlencode(asked)}")
        answer.set_cookie(_cookie(console, ATTEMPT, f"{state}.{verifier}.{then}", int(LOGIN_TRANSACTION.total_seconds())))
        return answer

    @get("/callback", operation_id="finishConsoleSignIn", summary="Come back", opt={ONCE: True, **limited("callback")})
    async def finish(self, request: Asked, console: TheConsole) -> Response[Any]:
        """Where the authorization server sends the browser: the code becomes a session.

        Raises:
            SignInFailed: nothing was begun in this browser, or the answer is not to it, or it is a no.
        """
        state, _, rest = request.cookies.get(ATTEMPT, "").partition(".")
        verifier, _, then = rest.partition(".")
        said = request.query_params
        ours = state and secrets.compare_digest(state, said.get("state", "")) and said.get("iss") == console.config.issuer
        if not ours or "code" not in said:
            raise SignInFailed
        try:
            tokens = await console.tokens(
                request, grant_type="authorization_code", code=said["code"], redirect_uri=console.callback, code_verifier=verifier
            )
            official = await console.official(tokens.access)
        except NotSignedIn as refused:
            raise SignInFailed from refused
        if before := request.cookies.get(console.cookie):
            await sessions.end(before)
        cookie = await sessions.begin(official.id, tokens, console.clock.now())
        answer = go_to(inside(unquote(then)))
        answer.set_cookie(_cookie(console, console.cookie, cookie, int(OF["staff"].absolute.total_seconds())))
        answer.set_cookie(_cookie(console, ATTEMPT, "", 0))
        return answer

    @post("/sign-out", operation_id="leaveConsole", summary="Sign out")
    async def leave(self, visit: TheVisit, console: TheConsole) -> Response[Any]:
        """Ends the session here, and the one of auth behind it."""
        await visit.form()
        body = urlencode({"token": visit.opened.tokens.refresh, "client_id": CLIENT}).encode()
        await call(visit.request, "POST", "/oauth/revoke", headers={"content-type": FORM}, body=body)
        await sessions.end(visit.opened.cookie)
        answer = go_to("/console/sign-in")
        answer.headers.update(FORGET)
        answer.set_cookie(_cookie(console, console.cookie, "", 0))
        return answer

    @post("/look", operation_id="changeConsoleLook", summary="Language and colours")
    async def look(self, visit: TheVisit, console: TheConsole) -> Response[Any]:
        """Kept in the browser for a year."""
        sent = await visit.form()
        answer = go_to(inside(str(sent.get("back", HOME))))
        for name, values in (("language", LANGUAGES), ("theme", THEMES)):
            if sent.get(name) in values:
                answer.set_cookie(_cookie(console, f"console_{name}", str(sent[name]), A_YEAR_S))
        return answer


def _cookie(console: Console, key: str, value: str, max_age: int) -> Cookie:
    # Lax, not Strict: the sign-in comes back by a navigation from another site.
    return Cookie(
        key=key, value=value, max_age=max_age, path="/", secure=console.config.secure_cookies, httponly=True, samesite="lax"
    )
