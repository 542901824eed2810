"""Styles and scripts."""

from litestar import Controller, Response, get
from litestar.params import FromPath

from backend.console.api.edge import AS_PAGES, PAGE
from backend.console.assets import BY_ADDRESS
from kernel.http.access import everybody
from kernel.http.negotiation import PRODUCES
from kernel.http.problems import RouteNotFound

KEPT = "public, max-age=31536000, immutable"


class ConsoleAssets(Controller):
    """Files of ours, by a name that changes with them."""

    path = "/console/assets"
    guards = (everybody,)
    include_in_schema = False
    exception_handlers = AS_PAGES
    opt = {**PAGE, PRODUCES: ["text/css", "text/javascript", "image/svg+xml"]}

    @get("/{name:str}", operation_id="getConsoleAsset", summary="A style or a script")
    async def asset(self, name: FromPath[str]) -> Response[bytes]:
        """One file.

        Raises:
            RouteNotFound.
        """
        found = BY_ADDRESS.get(f"/console/assets/{name}")
        if found is None:
            raise RouteNotFound
        headers = {"cache-control": KEPT, "x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin"}
        return Response(found.content, media_type=found.media_type, headers=headers)
