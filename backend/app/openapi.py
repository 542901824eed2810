"""What the app says of itself: Litestar's document through the contract compiler, with what `told` reads off the code."""

from importlib.metadata import version
from typing import Any

from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import License, Tag
from litestar.routes import BaseRoute
from litestar.types import ControllerRouterHandler

from backend.app.told import told
from openapi.compiler import as_text, compile_contract
from openapi.document import Document
from openapi.sdk import sdk_profile

TAGS = [
    Tag(name="Sign-in", description="Our authorization server: code flow with PKCE, tokens, sessions."),
    Tag(name="Me", description="The caller, and where they are signed in."),
    Tag(name="Dossiers", description="A citizen's dossiers (hồ sơ)."),
    Tag(name="Inbox", description="What a citizen has been told; a push is only a hint to look here."),
    Tag(name="Push", description="Where a phone can be reached."),
    Tag(name="Procedures", description="The catalogue of administrative procedures. Open to everybody."),
    Tag(name="Staff dossiers", description="What staff do with the dossiers of their agencies."),
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


def contract(app: Litestar) -> Document:
    """The compiled contract of this app (OpenAPI 3.1)."""
    generated: dict[str, Any] = app.openapi_schema.to_schema()
    return compile_contract(generated, told(app, generated))


def contract_texts(document: Document) -> dict[str, str]:
    """The contract as it is committed and served: by file name, for people and tools, and for client generators."""
    return {"openapi.json": as_text(document), "openapi.sdk.json": as_text(sdk_profile(document))}
