"""A Kotlin client: its models are compiled, and decode on a JVM whatever the server says, today and tomorrow."""

import json
from pathlib import Path

import pytest

from tests.peers.java import GENERATOR, class_path, java, kotlin_library, kotlinc

DECODE = Path(__file__).parent / "kotlin" / "Decode.kt"


@pytest.fixture(scope="session")
def compiled(clients: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("kotlin")
    models = clients["kotlin"] / "src" / "main" / "kotlin" / "org" / "openapitools" / "client" / "models"
    kotlinc([models, DECODE], out, beside=[GENERATOR])
    return out


def decode(compiled: Path, cases: Path) -> list[str]:
    printed = java("-cp", class_path([compiled, kotlin_library(), GENERATOR]), "DecodeKt", cases)
    return [line.split()[0] for line in printed.splitlines()]


@pytest.mark.proves("R-C5", "R-C7")
def test_every_example_decodes_and_so_does_one_with_words_of_tomorrow(compiled: Path, cases: Path) -> None:
    told = json.loads(cases.read_bytes())
    assert any("a_word_of_tomorrow" in json.dumps(case) for case in told)
    assert decode(compiled, cases) == [case["model"] for case in told]


def test_a_client_misses_what_the_contract_promises(compiled: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps([{"model": "StatusView", "value": {"name": "accepted", "code": 2, "label": "Được tiếp nhận"}}]))
    with pytest.raises(RuntimeError, match="clock"):
        decode(compiled, broken)
