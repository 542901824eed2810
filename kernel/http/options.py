"""What an address answers to OPTIONS: every method it takes (RFC 9110, 9.3.7).

Litestar writes that answer when it meets the first handler of an address, and the ones it meets later do not change it.
"""

import inspect

from litestar import Litestar
from litestar.routes import HTTPRoute


def tell_every_method(app: Litestar) -> None:
    """Let the answers of a finished app name all the methods of their address."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                # The framework's own answer closes over the route as it was when there was one handler.
                first = inspect.getclosurevars(handler.fn).nonlocals.get("self")
                if handler.http_methods == {"OPTIONS"} and isinstance(first, HTTPRoute):
                    first.methods = route.methods
