"""What the app says of itself: Litestar's document through the contract compiler, with who may call what read off the guards."""

import json
from importlib.metadata import version
from typing import Any

import msgspec
from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import License, Tag
from litestar.routes import BaseRoute
from litestar.types import ControllerRouterHandler

from kernel.http.access import Access
from kernel.http.conditional import is_conditional
from kernel.http.idempotency import HEADER, KEY_REQUIRED, LONGEST, OPT, SHORTEST
from kernel.http.preconditions import HEADER as IF_MATCH
from kernel.http.problems import ProblemView
from openapi.compiler import compile_contract, operations

TAGS = [
    Tag(name="App", description="What an app has to know before anybody signs in."),
    Tag(name="Sign-in", description="Our authorization server: code flow with PKCE, tokens, sessions."),
    Tag(name="Me", description="The caller, and where they are signed in."),
    Tag(name="Dossiers", description="A citizen's dossiers (hồ sơ)."),
    Tag(name="Feedback", description="A citizen's reports (phản ánh, kiến nghị): sent, followed, rated, reopened."),
    Tag(name="Inbox", description="What a citizen has been told; a push is only a hint to look here."),
    Tag(
        name="Sync",
        description="What a phone keeps offline, kept up to date: all changes in one call, and news that there are some.",
    ),
    Tag(name="Push", description="Where a phone can be reached."),
    Tag(name="Procedures", description="The catalogue of administrative procedures. Open to everybody."),
    Tag(name="Uploads", description="Files on their way in, resumable (tus 1.0.0), and their receipts."),
    Tag(name="Staff dossiers", description="What staff do with the dossiers of their agencies."),
    Tag(name="Staff feedback", description="What staff do with the reports of their agencies."),
    Tag(name="Staff directory", description="Agencies and officials, for administrators."),
    Tag(name="Audit", description="Who did what to whose data, for those who inspect."),
    Tag(name="Personal data", description="What a citizen decides and asks about their data."),
    Tag(name="Staff personal data", description="Requests of citizens about their data, answered."),
    Tag(name="Integration", description="What source systems tell us."),
    Tag(name="Operations", description="Health, for orchestrators."),
]


class Unserved(Router):
    """Where Litestar puts its own document pages: nowhere. They load scripts from foreign hosts; `Docs` serves ours."""

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:  # noqa: ARG002
        return []


def openapi_config() -> OpenAPIConfig:
    """How Litestar generates; it serves nothing by itself."""
    return OpenAPIConfig(
        title="Một Cửa",
        version=version("motcua"),
        description="The citizen-app backend of a province: dossiers, notices, and the push when a result is ready.",
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        tags=TAGS,
        use_handler_docstrings=True,
        openapi_router=Unserved("/schema", route_handlers=[]),
    )


def callers_of(handler: HTTPRouteHandler) -> list[str]:
    """Which kinds of caller every guard of the route lets in."""
    kinds: list[set[str]] = [set(guard.kinds) for guard in handler.resolve_guards() if isinstance(guard, Access) and guard.kinds]
    return sorted(set.intersection(*kinds)) if kinds else []


def contract(app: Litestar) -> dict[str, Any]:
    """The compiled contract of this app."""
    handlers = [h for route in app.routes for h in getattr(route, "route_handlers", []) if isinstance(h, HTTPRouteHandler)]
    callers = {str(h.operation_id): callers_of(h) for h in handlers if h.operation_id}
    generated: dict[str, Any] = app.openapi_schema.to_schema()
    generated["components"].setdefault("schemas", {}).update(_problem_schemas())
    _idempotency_keys(generated, {str(h.operation_id): h.opt[OPT] for h in handlers if OPT in h.opt})
    _versions(generated, {str(h.operation_id) for h in handlers if "must_match" in h.parsed_fn_signature.parameters})
    conditional = {str(h.operation_id) for h in handlers if "GET" in h.http_methods and is_conditional(h)}
    for _, _, operation in operations(generated):
        if operation["operationId"] in conditional:
            operation["responses"]["304"] = {"description": "`If-None-Match` names the present version: there is nothing to send."}
    return compile_contract(generated, callers=callers)


def _idempotency_keys(document: dict[str, Any], wanted: dict[str, str]) -> None:
    """The header is read by a middleware, of which Litestar's document knows nothing."""
    for _, _, operation in operations(document):
        if how := wanted.get(operation["operationId"]):
            operation.setdefault("parameters", []).append(
                {
                    "name": HEADER,
                    "in": "header",
                    "required": how == KEY_REQUIRED[OPT],
                    "schema": {"type": "string", "minLength": SHORTEST, "maxLength": LONGEST + 2},
                    "description": "A fresh UUID for this write, sent again with each repetition of it: it happens once.",
                }
            )


def _versions(document: dict[str, Any], demanded: set[str]) -> None:
    """Without `If-Match` the answer is 428 and not Litestar's 400, so Litestar takes the header for optional."""
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if operation["operationId"] in demanded and parameter["name"] == IF_MATCH:
                parameter["required"] = True


def _problem_schemas() -> dict[str, Any]:
    (_,), schemas = msgspec.json.schema_components([ProblemView], ref_template="#/components/schemas/{name}")
    return schemas


def contract_text(app: Litestar) -> str:
    """The contract as it is committed and served."""
    return json.dumps(contract(app), ensure_ascii=False, indent=2) + "\n"
