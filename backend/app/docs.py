"""The contract, served: as a document for machines and as a page for people."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

from litestar import Controller, Litestar, Request, Response, get

from backend.app.openapi import contract, contract_text
from kernel.errors import Problem
from kernel.http.access import everybody
from kernel.http.answer import kept_by_everybody
from kernel.http.app_version import ALWAYS_SERVED
from kernel.http.given import TheFresh
from kernel.http.negotiation import ANY_QUERY
from kernel.http.problems import status_of
from openapi.docs_page import render

CSP = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Docs(Controller):
    """Where an app developer starts."""

    path = "/"
    guards = [everybody]
    include_in_schema = False
    opt = {ALWAYS_SERVED: True, ANY_QUERY: True}

    @get("/openapi.json", operation_id="getContract", media_type="application/json", opt=kept_by_everybody(minutes=5))
    async def openapi_json(self, request: Request[Any, Any, Any], fresh: TheFresh) -> Response[bytes]:
        """The contract. `ETag` lets a tool ask again for nothing."""
        # Release and contract are one: nothing else is in it.
        fresh.at(0)
        headers = {"access-control-allow-origin": "*"}
        return Response(_text(request.app), media_type="application/json", headers=headers)

    @get("/docs", operation_id="readDocs", media_type="text/html")
    async def docs(self, request: Request[Any, Any, Any]) -> Response[str]:
        """The contract as a page."""
        page = _page(request.app, str(request.base_url).rstrip("/"))
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


@lru_cache(maxsize=4)
def _text(app: Litestar) -> bytes:
    return contract_text(app).encode()


@lru_cache(maxsize=4)
def _page(app: Litestar, base_url: str) -> str:
    return render(contract(app), base_url=base_url, problems=problem_table())


def problem_table() -> list[dict[str, Any]]:
    """Every problem any slice can raise, by code."""
    found: set[type[Problem]] = set()
    waiting = [Problem]
    while waiting:
        subclasses = waiting.pop().__subclasses__()
        found |= set(subclasses)
        waiting += subclasses
    rows = [{"code": p.code(), "status": status_of(p()), "title": p.title, "en": p.default_detail(), "vi": p.vi} for p in found]
    return sorted(rows, key=lambda row: row["code"])
