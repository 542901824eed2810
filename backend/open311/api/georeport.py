"""GeoReport v2: discovery, services, requests, tokens. The last part of an address names a resource and the form of its answer."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from auth.schemes import NO_BEARER
from backend.agencies.queries import AgencyNames
from backend.feedback import published
from backend.feedback.api.given import TheCircumstances
from backend.open311 import actions, queries
from backend.open311.api import views
from backend.open311.api.answers import REFUSALS, said
from backend.open311.errors import ApiKeyRefused, FormMalformed, ResourceNotFound, ServiceNotFound, TokenNotFound
from backend.open311.formats import FORMATS, Format, named
from backend.open311.keys import whose
from backend.open311.parameters import form, question
from backend.open311.schemas import SentRequest, TokenStanding
from backend.open311.services import SERVICES
from backend.open311.site import CHANGESET, Site
from kernel.audit import AuditEntry
from kernel.http.access import everybody
from kernel.http.given import Language, TheAudit, TheClock, TheFresh, TheReads, TheVault
from kernel.http.idempotency import key_of
from kernel.http.limits import limited
from kernel.http.negotiation import ANY_QUERY, PRODUCES
from kernel.mongo.reads import Fields, Row

FORM = "application/x-www-form-urlencoded"
MAX_FORM_BYTES = 64 * 1024
TheSite = NamedDependency[Site]
Asked = Request[Any, Any, Any]


class GeoReport(Controller):
    """Open to everybody who reads; who writes shows an `api_key`."""

    path = "/open311"
    guards = [everybody]
    include_in_schema = False
    # The address says in which form the answer is to be, and clients send parameters of extensions we do not have.
    opt = {NO_BEARER: True, ANY_QUERY: True, PRODUCES: [one.media_type for one in FORMATS.values()]}
    exception_handlers = REFUSALS
    request_max_body_size = MAX_FORM_BYTES

    @get("/{document:str}", operation_id="readOpen311Discovery")
    async def discover(self, document: FromPath[str], open311: TheSite, fresh: TheFresh) -> Response[bytes]:
        """Where the API is, and in which forms it answers."""
        form = _form(document, "discovery")
        fresh.at(CHANGESET)
        return said(form, "discovery", views.discovery(open311))

    @get("/v2/{resource:str}", operation_id="readOpen311List")
    async def read_list(
        self,
        request: Asked,
        resource: FromPath[str],
        open311: TheSite,
        reads: TheReads,
        language: Language,
        agencies: NamedDependency[AgencyNames],
        clock: TheClock,
        fresh: TheFresh,
    ) -> Response[bytes]:
        """All services; or the public requests of a time, of services, of a status, or with these ids; or their steps."""
        name, form = named(resource)
        if form is None or name not in {"services", "requests", *(["servicerequestupdates"] if open311.updates else [])}:
            raise ResourceNotFound
        if name == "services":
            fresh.at(CHANGESET)
            return said(form, "services", views.services(language))
        parameters = question(request.scope["query_string"])
        if name != "requests":
            # The extension asks by time alone.
            parameters.pop("service_request_id", None)
        asked = queries.asked(parameters, clock.now())
        find = queries.requests if name == "requests" else queries.with_updates
        names = await agencies.load()
        fresh.depends_on(names.version)

        async def read(shown: Fields | None) -> tuple[list[Row], None]:
            return await find(reads, asked, shown), None

        rows, _ = await fresh.page(read)
        if name == "requests":
            return said(form, "service_requests", [views.request(row, language, names) for row in rows])
        return said(form, "service_request_updates", views.updates(rows, asked, language))

    @get("/v2/services/{member:str}", operation_id="readOpen311Service")
    async def read_service(self, member: FromPath[str], language: Language, fresh: TheFresh) -> Response[bytes]:
        """What can be said of a request for this service beside the usual."""
        code, form = _item(member)
        if code not in SERVICES:
            raise ServiceNotFound
        fresh.at(CHANGESET)
        return said(form, "service_definition", views.definition(SERVICES[code], language))

    @get("/v2/tokens/{member:str}", operation_id="readOpen311Token")
    async def read_token(self, member: FromPath[str], reads: TheReads, fresh: TheFresh) -> Response[bytes]:
        """What has become of a token: a request has its id once it is public."""
        token, form = _item(member)
        row = await published.standing(reads, token)
        if row is None:
            raise TokenNotFound
        fresh.at(row["version"])
        standing = TokenStanding(service_request_id=row["code"] if "public" in row else None, token=token)
        return said(form, "service_requests", [standing])

    @get("/v2/requests/{member:str}", operation_id="readOpen311Request")
    async def read_request(
        self,
        member: FromPath[str],
        reads: TheReads,
        language: Language,
        agencies: NamedDependency[AgencyNames],
        fresh: TheFresh,
    ) -> Response[bytes]:
        """One public request, as a list of one."""
        service_request_id, form = _item(member)
        names = await agencies.load()
        fresh.depends_on(names.version)
        row = await fresh.row(lambda shown: queries.request(reads, service_request_id, shown))
        return said(form, "service_requests", [views.request(row, language, names)])

    @post("/v2/{resource:str}", operation_id="sendOpen311Request", opt=limited("open311"))
    async def send(
        self,
        request: Asked,
        resource: FromPath[str],
        open311: TheSite,
        circumstances: TheCircumstances,
        audit: TheAudit,
        vault: TheVault,
    ) -> Response[bytes]:
        """Report something. Answers a token; with an `Idempotency-Key` the same is kept once, however often it is sent."""
        answer_in = _form(resource, "requests")
        if request.content_type[0] != FORM:
            raise FormMalformed
        sent = form(await request.body())
        key = whose(open311.keys, sent.fields.get("api_key", ""))
        if key is None:
            raise ApiKeyRefused
        sender = actions.sender(key)
        repeated_by = key_of(request.scope)
        report = await actions.submit(sender, sent, circumstances, repeated_by=repeated_by)
        entry = AuditEntry(
            action="feedback.sent",
            object=f"feedback:{report.id}",
            changes=report.changes(),
            whose=report.data_subject(),
            agency=report.desk,
        )
        await audit.record(sender, entry)
        notice = await actions.notice(report, vault)
        return said(answer_in, "service_requests", [SentRequest(token=report.id, service_notice=notice)])


def _form(address: str, resource: str) -> Format:
    """The form in which this resource is asked for.

    Raises:
        ResourceNotFound: it is another one, or in no form of ours.
    """
    name, form = named(address)
    if name != resource or form is None:
        raise ResourceNotFound
    return form


def _item(address: str) -> tuple[str, Format]:
    """Which item is asked for, and in which form.

    Raises:
        ResourceNotFound: in no form of ours.
    """
    name, form = named(address)
    if form is None:
        raise ResourceNotFound
    return name, form
