"""What the FCM channel really builds is what the contract tells app developers of (R-C8)."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.app.factory import create_app
from backend.app.openapi import contract
from backend.app.parts import make_parts
from backend.dossiers.reactions import MESSAGES
from backend.settings import Settings
from notifications.messages.catalogue import CATALOGUE
from openapi.passes.push_schemas import example_of
from openapi.passes.webhooks import DEEP_LINK, webhook_name
from tests.unit.notifications.test_fcm_message import encoded

ADDRESS = {"token", "fid"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    # Looked at and never started: nothing is connected, so nothing has to be closed.
    return contract(create_app(make_parts(Settings())))


def webhook(document: dict[str, Any], message: str) -> dict[str, Any]:
    return dict(document["webhooks"][webhook_name(message)]["post"])


@pytest.mark.proves("R-C8")
@pytest.mark.parametrize("message", sorted(CATALOGUE))
def test_what_is_sent_is_what_the_contract_says(document: dict[str, Any], message: str) -> None:
    said = webhook(document, message)
    schema = said["requestBody"]["content"]["application/json"]["schema"]
    life = CATALOGUE[message].lifetime
    sent = {name: part for name, part in encoded(message, "android", "fid", life).items() if name not in ADDRESS}
    check = Draft202012Validator({**schema, "components": document["components"]})
    assert [f"{error.json_path}: {error.message}" for error in check.iter_errors(sent)] == []
    promised, android = said["x-push"], sent["android"]
    assert android["ttl"] == f"{promised['ttlSeconds']}s"  # type: ignore[index]
    assert android["priority"] == promised["priority"]  # type: ignore[index]
    assert android["notification"]["title_loc_key"] == promised["titleKey"]  # type: ignore[index]
    assert android["notification"]["body_loc_key"] == promised["bodyKey"]  # type: ignore[index]
    assert android["notification"]["tag"] == sent["data"]["nid"]  # type: ignore[index]


def test_a_word_more_is_found(document: dict[str, Any]) -> None:
    schema = webhook(document, "dossier.accepted")["requestBody"]["content"]["application/json"]["schema"]
    sent = {name: part for name, part in encoded("dossier.accepted", "android", "fid").items() if name not in ADDRESS}
    sent["data"]["applicant"] = "Nguyễn Thị Lan"  # type: ignore[index]
    assert not Draft202012Validator({**schema, "components": document["components"]}).is_valid(sent)


def test_every_message_there_is_has_its_webhook(document: dict[str, Any]) -> None:
    assert set(document["webhooks"]) == {webhook_name(message) for message in CATALOGUE}
    assert {webhook_name(message) for message in MESSAGES.values()} <= set(document["webhooks"])


def test_where_a_tap_leads_is_a_place_in_the_app() -> None:
    assert re.fullmatch(DEEP_LINK, "/dossiers/3v8c1q5k2m9x7t4n6b0z8w2r5j")
    assert not re.fullmatch(DEEP_LINK, "https://evil.example/dossiers/1")


def test_the_example_names_one_notice_everywhere() -> None:
    from backend.app.told import push_catalogue

    for push in push_catalogue():
        example = example_of(push)
        assert example["android"]["notification"]["tag"] == example["data"]["nid"] == example["apns"]["headers"]["apns-collapse-id"]
