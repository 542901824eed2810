"""Spectral, with the rules of openapi/spectral.yaml, finds nothing to say about either profile."""

import json
from pathlib import Path

import pytest

from openapi.document import Document
from tests.architecture.house import ROOT
from tests.peers.node import run

RULES = ROOT / "openapi" / "spectral.yaml"


def complaints(*files: Path) -> list[str]:
    """What Spectral says, each with the name of its rule."""
    options = ["--ruleset", RULES, "--fail-severity", "warn", "--format", "json", "--quiet"]
    done = run("@stoplight/spectral-cli/dist/index.js", "lint", *files, *options)
    assert done.returncode in (0, 1), done.stderr
    return [f"{found['code']} {'.'.join(map(str, found['path']))}: {found['message']}" for found in json.loads(done.stdout or "[]")]


@pytest.mark.proves("R-C1", "R-C2")
def test_both_profiles_are_well_written(profiles: dict[str, Path]) -> None:
    assert complaints(*profiles.values()) == []


def test_a_careless_operation_is_found(document: Document, tmp_path: Path) -> None:
    careless = {"operationId": "get_thing", "tags": ["Me", "Push"], "summary": "", "responses": {"200": {"description": "Well"}}}
    small = {**document, "paths": {"/v1/thing": {"get": careless}}, "components": {"schemas": {"a_b": {"type": "integer"}}}}
    small.pop("webhooks")
    file = tmp_path / "careless.json"
    file.write_text(json.dumps(small))
    rules = {complaint.split()[0] for complaint in complaints(file)}
    expected = {"operation-id", "summary", "one-tag", "security-said", "default-problem", "component-names", "number-formats"}
    assert {f"motcua-{rule}" for rule in expected} <= rules
