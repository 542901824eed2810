"""No log line carries a secret, whoever wrote it and however (SEC-26)."""

import json
import logging

import pytest
import structlog

from kernel.telemetry import logs

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
pytestmark = pytest.mark.proves("SEC-26")


@pytest.mark.parametrize(
    "line",
    [
        f"got {JWT}",
        f"Authorization: Bearer {JWT}",
        "authorization: bearer abcdefgh12345678",
        "DPoP abcdefgh12345678",
        "https://x/callback?code=abc123&state=1",
        "https://x/logout?id_token_hint=abc123",
        "client_secret=abc123",
        "refresh_token=abc123&x=1",
        "code_verifier=abc123",
    ],
)
def test_a_secret_in_a_line_is_scrubbed(line: str) -> None:
    assert "[scrubbed]" in logs.scrub(line)
    assert not any(secret in logs.scrub(line) for secret in (JWT, "abc123", "abcdefgh12345678"))


def test_an_ordinary_line_stays_as_it_is() -> None:
    line = "dossier H12.13-260615-0007 finished in 12 ms, code table loaded"
    assert logs.scrub(line) == line


@pytest.mark.proves("SEC-69")
def test_every_way_to_log_goes_through_the_scrubber_one_json_object_a_line(
    our_logging: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=True)
    log = structlog.get_logger("test")
    log.info("plain", url=f"https://x/?token={JWT}", lines="one\ntwo")
    log.info("deep", headers={"authorization": f"Bearer {JWT}", "list": [f"code=abc123 {JWT}"]})
    logging.getLogger("elsewhere").warning("positional %s", f"Bearer {JWT}")
    try:
        int(f"refused {JWT}")
    except ValueError as error:
        log.exception("failed")
        log.warning("as a value", error=error)
        logging.getLogger("elsewhere").exception("failed too")
    printed = capsys.readouterr().err
    assert JWT not in printed
    assert "abc123" not in printed
    lines = [json.loads(line) for line in printed.splitlines()]
    assert len(lines) == 6
    assert lines[0]["lines"] == "one\ntwo"


def test_libraries_that_print_whole_addresses_are_kept_quiet(our_logging: None) -> None:
    logs.configure(as_json=False, level="DEBUG")
    for name in ("httpx", "httpx2", "httpcore", "uvicorn.access", "urllib3"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)
