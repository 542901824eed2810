"""A report is taken from an app that is vouched for."""

import msgspec
import pytest

from auth.attestation import Attestation
from backend.app.clients_file import auth_config
from tests.support.api import Api, assert_problem
from tests.support.reports import a_report
from tests.support.vouching import Vouching


@pytest.mark.proves("SEC-66")
async def test_a_report_is_taken_from_attested_apps_only(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    known = auth_config(api.parts.settings)
    apps = tuple(msgspec.structs.replace(app, attested_as=("ours",)) for app in known.app_clients)
    asked = Attestation(msgspec.structs.replace(known, app_clients=apps), Vouching(), "enforce")
    monkeypatch.setattr(api.parts.auth.attested, "_attestation", asked)
    for headers in ({}, {"x-firebase-appcheck": "x"}):
        refused = await api.call("lan", "POST", "/v1/feedback", json=a_report(), headers=headers)
        assert_problem(refused, 403, "app_not_attested")
    vouched = {"x-firebase-appcheck": "the-word", "idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
    taken = await api.call("lan", "POST", "/v1/feedback", json=a_report(), headers=vouched)
    assert taken.status_code == 201, taken.text
    # Reading one's own reports is nobody's flood.
    assert (await api.get("lan", "/v1/feedback")).status_code == 200
