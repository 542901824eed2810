"""What a citizen's phone can do with the citizen's own data."""

from typing import Annotated

from litestar import Controller, delete, get, post, put
from litestar.params import FromPath, JSONBody, PathParameter
from litestar.response import Stream

from backend.privacy import queries
from backend.privacy.actions.decide_consent import decide_consent
from backend.privacy.actions.let_go import let_go
from backend.privacy.actions.make_request import request_erasure, take_back
from backend.privacy.actions.request_export import request_export
from backend.privacy.actions.take_export import take_export
from backend.privacy.api import views
from backend.privacy.documents import Consent, ErasureRequest
from backend.privacy.holdings import TheHoldings
from backend.privacy.purposes import PURPOSES
from backend.privacy.schemas import ConsentList, ConsentView, DecideConsent, ErasureList, ErasureView, ExportView
from kernel.http.access import citizens
from kernel.http.downloads import download
from kernel.http.given import Actor, Language, TheAudit, TheCalendar, TheClock, TheFresh, TheVault
from kernel.http.head import ONCE
from kernel.http.idempotency import IDEMPOTENT
from kernel.http.limits import limited
from kernel.principal import Principal
from kernel.privacy.vault import Vault

TAGS = ["Personal data"]
PurposeKey = Annotated[str, PathParameter(max_length=64)]


class Consents(Controller):
    """A citizen decides what their data may be used for."""

    path = "/v1/me/consents"
    tags = TAGS
    guards = [citizens]

    @get("/", operation_id="listConsents", summary="What my data are used for")
    async def list_consents(self, actor: Actor, language: Language, fresh: TheFresh) -> ConsentList:
        """Every purpose with its text and legal basis, and what I decided where my consent is asked for."""
        rows, _ = await fresh.page(lambda _: queries.decisions(actor.recipient))
        decided = {row["purpose"]: row for row in rows}
        return ConsentList(items=[views.consent(purpose, decided.get(key), language) for key, purpose in PURPOSES.items()])

    @put("/{purpose:str}", operation_id="decideConsent", summary="Give or withdraw consent")
    async def decide(
        self, data: JSONBody[DecideConsent], actor: Actor, language: Language, holdings: TheHoldings, purpose: PurposeKey
    ) -> ConsentView:
        """Say yes or no. A no counts from now on, and what was held on that ground goes; a yes is to the text as it stands."""
        now, audit = holdings.clock.now(), holdings.audit
        await decide_consent(actor, purpose, granted=data.granted, shown_version=data.text_version, now=now, audit=audit)
        if not data.granted:
            await let_go(actor.recipient, purpose, holdings)
        return views.consent(PURPOSES[purpose], await Consent.latest(actor.recipient, purpose), language)


class Erasures(Controller):
    """A citizen asks to be erased."""

    path = "/v1/me/erasure-requests"
    tags = TAGS
    guards = [citizens]

    @post("/", operation_id="requestErasure", summary="Ask for my data to be erased", opt={**limited("erasure"), **IDEMPOTENT})
    async def ask(
        self, actor: Actor, language: Language, vault: TheVault, clock: TheClock, calendar: TheCalendar, audit: TheAudit
    ) -> ErasureView:
        """Open a request, or answer the one that is open. What the law keeps stays, unreadable as to who I am.

        Needs a sign-in of the last five minutes (RFC 9470). Taking it back does not.
        """
        request = await request_erasure(actor, now=clock.now(), calendar=calendar, audit=audit)
        return await self._one(actor, language, vault, request.id)

    @get("/", operation_id="listErasureRequests", summary="My requests for erasure")
    async def list_requests(self, actor: Actor, language: Language, vault: TheVault, fresh: TheFresh) -> ErasureList:
        """My requests, newest first."""
        rows, _ = await fresh.page(lambda shown: queries.requests_of(ErasureRequest, actor.recipient, shown))
        return ErasureList(items=[views.erasure(row, language) for row in await vault.open(rows)])

    @get("/{request_id:str}", operation_id="getErasureRequest", summary="One request for erasure")
    async def get_request(
        self, actor: Actor, language: Language, vault: TheVault, fresh: TheFresh, request_id: FromPath[str]
    ) -> ErasureView:
        """A request of mine: where it stands, by when it has to be answered and carried out, and why if not."""
        row = await fresh.row(lambda shown: queries.request_of(ErasureRequest, actor.recipient, request_id, shown))
        return views.erasure((await vault.open([row]))[0], language)

    @delete("/{request_id:str}", operation_id="takeBackErasureRequest", summary="Take my request back", status_code=200)
    async def take_back(
        self, actor: Actor, language: Language, vault: TheVault, clock: TheClock, audit: TheAudit, request_id: FromPath[str]
    ) -> ErasureView:
        """End my request: possible until the erasure has begun."""
        await take_back(ErasureRequest, actor, request_id, now=clock.now(), audit=audit)
        return await self._one(actor, language, vault, request_id)

    async def _one(self, actor: Principal, language: str, vault: Vault, request_id: str) -> ErasureView:
        (row,) = await vault.open([await queries.request_of(ErasureRequest, actor.recipient, request_id)])
        return views.erasure(row, language)


class Exports(Controller):
    """A citizen takes everything we hold about them home."""

    path = views.EXPORTS
    tags = TAGS
    guards = [citizens]

    @post(
        "/",
        operation_id="requestExport",
        summary="Ask for everything about me",
        status_code=202,
        opt={**limited("export"), **IDEMPOTENT},
    )
    async def ask(self, actor: Actor, clock: TheClock, calendar: TheCalendar, audit: TheAudit) -> ExportView:
        """Have an archive made. Needs a sign-in of level 2 within the last five minutes (RFC 9470)."""
        now = clock.now()
        export = await request_export(actor, now=now, calendar=calendar, audit=audit)
        return views.export(await queries.export_of(actor.recipient, export.id), now)

    @get("/{export_id:str}", operation_id="getExport", summary="How far the archive is")
    async def get_export(self, actor: Actor, clock: TheClock, fresh: TheFresh, export_id: FromPath[str]) -> ExportView:
        """Where the making of my archive stands."""
        now = clock.now()
        row = await fresh.row(lambda shown: queries.export_of(actor.recipient, export_id, shown), views.export_marks(now))
        return views.export(row, now)

    @get(
        "/{export_id:str}/file",
        operation_id="takeExport",
        summary="Take the archive",
        media_type="application/octet-stream",
        opt={ONCE: True},
    )
    async def take(self, actor: Actor, holdings: TheHoldings, export_id: FromPath[str]) -> Stream:
        """The archive, once, within 24 hours. Needs a sign-in of level 2 within the last five minutes (RFC 9470)."""
        file, content = await take_export(actor, export_id, holdings)
        return download(content, name=file["name"], size=file["size"], sha256=file["sha256"])
