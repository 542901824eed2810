"""Whom we call is written down, and the code calls nobody else (SEC-81)."""

import re

import pytest

from tests.architecture.house import ROOT, source_files

pytestmark = pytest.mark.proves("SEC-81")

ADDRESS = re.compile(r"https?://([a-z0-9.-]+\.[a-z]{2,})", re.IGNORECASE)
# Names that look like addresses and are never called: an event of OpenID Connect, a specification, a page citizens are sent to.
NAMES_ONLY = {"schemas.openid.net", "tus.io", "dichvucong.gov.vn", "wiki.open311.org", "www.w3.org"}
# What opens a connection to somewhere, and the one module (or two) that may.
DOORS = {
    "httpx2": {
        *("auth.providers.outbound", "auth.providers.relying_party", "auth.providers.discovery"),
        "notifications.channels.over_http",
    },
    "socket": {"backend.audit.gateways.syslog"},
    "smtplib": set(),
    "aiosmtplib": {"notifications.channels.smtp"},
    "urllib.request": set(),
    "http.client": set(),
    "requests": {"notifications.channels.fcm_admin", "notifications.channels.fcm_tokens"},
    "pyreqwest": {"notifications.channels.fcm_fast", "notifications.channels.fcm_connections"},
    "aiohttp": set(),
}


def product() -> list[tuple[str, str, set[str]]]:
    """Every module that runs in production: its name, its text, what it imports."""
    files = [file for file in source_files() if not file.module.startswith(("backend.dev", "backend.cli", "openapi"))]
    return [(file.module, file.text, file.imports) for file in files]


def test_every_host_in_the_code_is_in_the_list_of_hosts_we_call() -> None:
    listed = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("## Whom it calls")[2]
    assert listed, "the list is gone"
    called = {host.lower() for _, text, _ in product() for host in ADDRESS.findall(text)} - NAMES_ONLY
    assert called, "this test looks in the wrong place"
    assert {host for host in called if host not in listed and not host.endswith((".example", "example.com"))} == set()


def test_only_the_known_doors_open_connections() -> None:
    for library, doors in DOORS.items():
        wild = {name for name, _, imports in product() if any(i == library or i.startswith(f"{library}.") for i in imports)}
        assert wild - doors == set(), library
