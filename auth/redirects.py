"""Where an authorization answer may be sent: a registered address letter by letter, nothing that merely looks like it (SEC-03)."""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_PORT = re.compile(r":\d{1,5}\Z")


def is_loopback(uri: str) -> bool:
    """Whether the host is this machine: an address literal or `localhost`."""
    host = urlsplit(uri).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def allowed(uri: str, registered: Iterable[str], *, any_loopback_port: bool) -> bool:
    """Whether an answer may go to `uri`.

    RFC 9700, 2.1: exact string matching, with the one exception of the port of a native app's loopback address: "the authorization
    server MUST allow any port to be specified at the time of the request" (RFC 8252, 7.3).
    """
    known = frozenset(registered)
    if uri in known:
        return True
    bare = _without_port(uri)
    if not any_loopback_port or bare is None:
        return False
    return any(is_loopback(other) and bare == _without_port(other) for other in known)


def _without_port(uri: str) -> str | None:
    """The address with its port cut out of the text, so that nothing a parser would forgive is forgiven; None when not http."""
    scheme, separator, rest = uri.partition("://")
    if scheme != "http" or not separator:
        return None
    # The authority ends at the first of these (RFC 3986, 3.2); a backslash or an @ in it matches no registered host.
    end = min((rest.find(mark) for mark in "/?#" if mark in rest), default=len(rest))
    return scheme + separator + _PORT.sub("", rest[:end]) + rest[end:]
