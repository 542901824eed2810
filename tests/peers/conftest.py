"""What the peers are fed: the contract as the code says it now, and the clients generated from it, once a session."""

import json
from pathlib import Path

import pytest

from backend.app.factory import create_app
from backend.app.openapi import contract as contract_of
from backend.app.openapi import contract_texts
from backend.app.parts import make_parts
from backend.settings import Settings
from openapi.document import Document
from tests.peers.clients import generate, of_tomorrow, what_the_server_says


@pytest.fixture(scope="session")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The two profiles as files, by name."""
    folder = tmp_path_factory.mktemp("contract")
    # Looked at and never started: nothing is connected, so nothing has to be closed.
    for name, text in contract_texts(contract_of(create_app(make_parts(Settings())))).items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: folder / name for name in ("openapi.json", "openapi.sdk.json")}


@pytest.fixture(scope="session")
def document(profiles: dict[str, Path]) -> Document:
    """The contract (3.1)."""
    return dict(json.loads(profiles["openapi.json"].read_bytes()))


@pytest.fixture(scope="session")
def clients(profiles: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A generated client a language."""
    return generate(profiles["openapi.sdk.json"], tmp_path_factory.mktemp("clients"))


@pytest.fixture(scope="session")
def cases(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What clients have to decode: every example, and the same from a server of tomorrow."""
    today = what_the_server_says(document)
    file = tmp_path_factory.mktemp("cases") / "cases.json"
    file.write_text(json.dumps(today + of_tomorrow(document, today)), encoding="utf-8")
    return file
