"""The contract, served: as a document for machines and as a page for people."""

import hashlib
from asyncio import to_thread
from functools import lru_cache
from importlib.resources import files
from typing import Any

from litestar import Controller, Litestar, Request, Response, get

from backend.app.openapi import contract, contract_texts
from backend.app.told import problem_catalogue
from kernel.http.access import everybody
from openapi.docs_page import render
from openapi.document import Document

CSP = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Docs(Controller):
    """Where an app developer starts."""

    path = "/"
    guards = [everybody]
    include_in_schema = False

    @get("/openapi.json", operation_id="getContract", media_type="application/json")
    async def openapi_json(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """The contract. `ETag` lets a tool ask again for nothing."""
        return await _document(request, "openapi.json")

    @get("/openapi.sdk.json", operation_id="getSdkContract", media_type="application/json")
    async def sdk_json(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """The contract for client generators (OpenAPI 3.0.3)."""
        return await _document(request, "openapi.sdk.json")

    @get("/openapi.yaml", operation_id="getContractAsYaml", media_type="application/yaml")
    async def openapi_yaml(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """The contract for tools that ask for YAML. JSON is YAML (YAML 1.2, section 1.3), so it is the same text."""
        return await _document(request, "openapi.json", "application/yaml")

    @get("/docs", operation_id="readDocs", media_type="text/html")
    async def docs(self, request: Request[Any, Any, Any]) -> Response[str]:
        """The contract as a page."""
        page = await to_thread(_page, request.app, str(request.base_url).rstrip("/"))
        headers = {
            "content-security-policy": CSP,
            "link": '</openapi.json>; rel="service-desc"',
            "x-content-type-options": "nosniff",
        }
        return Response(page, media_type="text/html", headers=headers)

    @get("/docs/docs.css", operation_id="getDocsStyle", media_type="text/css")
    async def style(self) -> Response[bytes]:
        """How it looks."""
        css = (files("openapi") / "templates" / "docs.css").read_bytes()
        return Response(css, media_type="text/css", headers={"cache-control": "public, max-age=3600"})


async def _document(request: Request[Any, Any, Any], name: str, media_type: str = "application/json") -> Response[bytes]:
    text = (await to_thread(_texts, request.app))[name]
    etag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    headers = {
        "etag": etag,
        "cache-control": "public, max-age=300",
        "access-control-allow-origin": "*",
        "link": '</openapi.json>; rel="service-desc"',
    }
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(text, media_type=media_type, headers=headers)


# Reading all of our code takes a second: it is done once, and not where requests are answered.
@lru_cache(maxsize=4)
def _contract(app: Litestar) -> Document:
    return contract(app)


@lru_cache(maxsize=4)
def _texts(app: Litestar) -> dict[str, bytes]:
    return {name: text.encode() for name, text in contract_texts(_contract(app)).items()}


@lru_cache(maxsize=4)
def _page(app: Litestar, base_url: str) -> str:
    return render(_contract(app), base_url=base_url, problems=problem_table())


def problem_table() -> list[dict[str, Any]]:
    """Every problem any slice can raise, by code."""
    return [
        {"code": code, "status": facts.status, "title": facts.body["title"], "en": facts.meaning, "vi": facts.body["detail"]}
        for code, facts in problem_catalogue().items()
    ]
