"""From authorize to callback: check the app's request, send the browser to a provider, take it back, give the app its code.

begin   the app's request is kept under a `state` of ours, bound to a cookie of this browser; only once can it be taken up again
finish  the provider's answer is checked, the person recognised, and the app's request answered with a code
"""

import re
import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
import structlog
from anyio.to_thread import run_sync
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import AccessDeniedError, OAuth2Error

from auth.audit import AuthAudit
from auth.config import AppClient, AuthConfig, ProviderConfig
from auth.directory import CachedDirectory
from auth.documents import LoginTransaction
from auth.errors import (
    AccountLocked,
    AccountNotAccepted,
    ClientUnknown,
    ProviderAnswerRefused,
    ProviderUnavailable,
    SignInInterrupted,
)
from auth.lifetimes import LOGIN_TRANSACTION
from auth.opaque import digest, new_secret
from auth.people import recognise
from auth.providers.parties import Parties
from auth.providers.relying_party import RelyingParty
from auth.server.authorization_server import Answer, Asked, AuthorizationServer
from auth.server.freshness import DemandMalformed, asked_of, demanded
from auth.server.pushed import PushedRequests
from auth.sessions.families import SignIn
from kernel.clock import Clock
from kernel.privacy.subjects import Subjects

log = structlog.get_logger(__name__)

AUTHORIZE = "/oauth/authorize"
_BROWSER = re.compile(r"[\w-]{64}", re.ASCII)


class Redirect(msgspec.Struct, frozen=True):
    """Where the browser goes next, and the value of the cookie that lets it come back; None leaves the cookie alone."""

    location: str
    browser: str | None = None


class Choice(msgspec.Struct, frozen=True):
    """The person has to say with which account."""

    app: AppClient
    providers: tuple[ProviderConfig, ...]


class SignIns:
    """All sign-ins through this process."""

    def __init__(
        self,
        config: AuthConfig,
        server: AuthorizationServer,
        parties: Parties,
        pushed: PushedRequests,
        *,
        directory: CachedDirectory,
        subjects: Subjects,
        clock: Clock,
        audit: AuthAudit,
    ) -> None:
        self._config, self._server, self._parties, self._pushed, self._audit = config, server, parties, pushed, audit
        self._directory, self._subjects, self._clock = directory, subjects, clock

    async def begin(self, request: dict[str, str], browser: str | None) -> Redirect | Choice:
        """Answer an authorization request: to a provider, to the choice, or back to the app with an error.

        Raises:
            ClientUnknown: there is no such client or it has no such address; nothing may be sent anywhere (RFC 6749, 4.1.2.1).
            AuthorizationRequestMalformed: there is no such pushed request, or not any more.
        """
        app = self._config.app_client(request.get("client_id", ""))
        if app is None:
            raise ClientUnknown
        name = request.get("request_uri")
        if name is not None:
            # RFC 9126, 4: what was pushed counts, and nothing beside it; only the provider is for the person to choose.
            chosen = {"provider": request["provider"]} if "provider" in request else {}
            request = chosen | await self._pushed.read(name, app.client_id)
        if not app.allows_redirect_to(request.get("redirect_uri", "")):
            raise ClientUnknown
        if app.pushed_only and name is None:
            return self._refused(request, OAuth2Error("This app has to push its requests", error="invalid_request"))
        try:
            await run_sync(self.check, request)
            return await self._to_provider(app, request, browser, name)
        except OAuth2Error as error:
            return self._refused(request, error)
        except ProviderUnavailable:
            return self._refused(request, OAuth2Error("The account provider does not answer", error="temporarily_unavailable"))

    async def finish(self, provider_id: str, answer: Mapping[str, str], browser: str | None) -> Redirect:
        """Take the browser back from a provider and answer the app.

        Raises:
            ProviderUnknown: no such provider.
            SignInInterrupted: nothing was begun in this browser under this `state`, or it has been taken up before.
            ProviderAnswerRefused: the answer did not pass our checks.
        """
        party = self._parties[provider_id]
        transaction = await self._take_up(provider_id, answer.get("state", ""), browser or "")
        request: dict[str, str] = transaction["request"]
        if "code" not in answer:
            log.info("sign_in.not_completed", provider=provider_id)
            await self._audit.sign_in_failed(party.provider, request["client_id"], "not_completed")
            return self._refused(request, AccessDeniedError())
        try:
            sign_in = await self._recognised(party, answer, transaction)
        except OAuth2Error as error:
            return self._refused(request, error)
        except AccountLocked as locked:
            return self._refused(request, AccessDeniedError(locked.default_detail()))
        except ProviderAnswerRefused:
            await self._audit.sign_in_failed(party.provider, request["client_id"], "answer_refused")
            raise
        except AccountNotAccepted:
            await self._audit.sign_in_failed(party.provider, request["client_id"], "account_not_accepted")
            return self._refused(request, AccessDeniedError("This account cannot be used here"))
        except ProviderUnavailable:
            await self._audit.sign_in_failed(party.provider, request["client_id"], "provider_unavailable")
            return self._refused(request, OAuth2Error("The account provider does not answer", error="temporarily_unavailable"))
        given: Answer = await run_sync(self._grant, request, sign_in)
        return Redirect(self._with_issuer(given.location or ""))

    async def _to_provider(
        self, app: AppClient, request: dict[str, str], browser: str | None, name: str | None
    ) -> Redirect | Choice:
        # A sign-in is a deliberate act: none without the person (SEC-07).
        if "none" in request.get("prompt", "").split():
            raise OAuth2Error("A person has to sign in", error="login_required")
        offered = tuple(p for p in self._config.providers if p.kind in app.kinds)
        wanted = request.get("provider")
        if wanted is None:
            return Choice(app, offered)
        if wanted not in {p.id for p in offered}:
            raise OAuth2Error("This app does not sign in with that provider", error="invalid_request")
        party = self._parties[wanted]
        state, nonce, code_verifier = (secrets.token_urlsafe(32) for _ in range(3))
        location = await party.authorization_url(
            state=state, nonce=nonce, code_verifier=code_verifier, asked=asked_of(party.provider, demanded(request))
        )
        if name is not None:
            await self._pushed.use_up(name)
        # One secret per browser and not per sign-in, so that two tabs do not rob each other of it.
        browser = browser if browser and _BROWSER.fullmatch(browser) else new_secret()
        now = self._clock.now()
        await LoginTransaction(
            id=digest(state),
            provider=wanted,
            browser=digest(browser),
            nonce=nonce,
            code_verifier=code_verifier,
            request=request,
            created_at=now,
            expires_at=now + LOGIN_TRANSACTION,
        ).commit()
        return Redirect(location, browser)

    async def _take_up(self, provider_id: str, state: str, browser: str) -> dict[str, Any]:
        """Remove the transaction and answer it. Somebody with another browser finds nothing, and spoils nothing (SEC-11)."""
        mine = {"_id": digest(state), "provider": provider_id, "browser": digest(browser)}
        transaction: dict[str, Any] | None = await LoginTransaction.get_pymongo_collection().find_one_and_delete(mine)
        if transaction is None or transaction["expires_at"] <= self._clock.now():
            raise SignInInterrupted
        return transaction

    async def _recognised(self, party: RelyingParty, answer: Mapping[str, str], transaction: dict[str, Any]) -> SignIn:
        account = await party.redeem(
            answer["code"], iss=answer.get("iss"), nonce=transaction["nonce"], code_verifier=transaction["code_verifier"]
        )
        provider, now = party.provider, self._clock.now()
        if not demanded(transaction["request"]).met_by(account, now):
            log.info("sign_in.refused", provider=provider.id, why="demand_not_met")
            raise OAuth2Error("The sign-in was not as sure or as fresh as was asked", error="unmet_authentication_requirements")
        person_id = await recognise(account, provider, directory=self._directory, subjects=self._subjects, now=now)
        log.info("sign_in.completed", provider=provider.id, person=person_id, assurance=account.assurance)
        await self._audit.signed_in(person_id, account, provider, transaction["request"]["client_id"])
        return SignIn(
            person_id=person_id,
            kind=provider.kind,
            provider=provider.id,
            issuer=account.issuer,
            subject=account.subject,
            upstream_sid=account.upstream_sid,
            assurance=account.assurance,
            # Who has just come back from a provider that does not say when may have proven themselves there last week.
            authenticated_at=account.authenticated_at if account.told_when else None,
        )

    def check(self, request: dict[str, str]) -> Any:
        """Every check of an authorization request but that of its app and address; answers Authlib's grant.

        Raises:
            OAuth2Error: what is wrong with it.
        """
        if request.get("response_type") != "code":
            # Said here because Authlib would put the caller's own words into the description, and fail on some of them.
            raise OAuth2Error("The response_type has to be code", error="unsupported_response_type")
        try:
            demanded(request)
        except DemandMalformed as malformed:
            raise OAuth2Error(str(malformed), error="invalid_request") from malformed
        return self._server.get_consent_grant(Asked("GET", AUTHORIZE, request))

    def _grant(self, request: dict[str, str], sign_in: SignIn) -> Answer:
        """The app's request once more through every check, because its client may have changed meanwhile; then the code."""
        grant = self.check(request)
        given: Answer = self._server.create_authorization_response(grant.request, grant_user=sign_in, grant=grant)
        return given

    def _refused(self, request: dict[str, str], error: OAuth2Error) -> Redirect:
        error.redirect_uri, error.state = request["redirect_uri"], request.get("state")
        answer = self._server.handle_error_response(None, error)
        return Redirect(self._with_issuer(answer.location))

    def _with_issuer(self, location: str) -> str:
        """RFC 9207, 2: on success and on error alike. Authlib's extension forgets the errors found before consent."""
        return str(add_params_to_uri(location, [("iss", self._config.issuer)]))
