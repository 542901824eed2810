"""`motcua doctor`: what production must change, whether the database answers, and an end that a script can act on."""

import json
import subprocess
from pathlib import Path
from typing import Any

from backend.dev.sockets import free_port
from tests.support.live_world import motcua

SECRET = "s3cret-" * 6


def safe(tmp_path: Path, mongodb_uri: str) -> dict[str, str]:
    """Fit for production but for the database's transport, which is plain on this machine."""
    return {
        "MOTCUA_ENVIRONMENT": "production",
        "MOTCUA_IDENTITY_SECRET": SECRET,
        "MOTCUA_KEY_SECRET": SECRET,
        "MOTCUA_PUBLIC_URL": "https://api.example",
        "MOTCUA_CLIENTS_FILE": str(tmp_path / "clients.json"),
        "MOTCUA_KMS_FILE": str(tmp_path / "kms.json"),
        "MOTCUA_KEY_VAULT_URI": "mongodb://keys.example/?tls=true",
        "MOTCUA_AUDIT_URI": "mongodb://audit.example/?tls=true",
        "MOTCUA_AUDIT_FILE": str(tmp_path / "audit.jsonl"),
        "MOTCUA_FCM_SERVICE_ACCOUNT": str(tmp_path / "fcm.json"),
        "MOTCUA_CLAMD": f"unix:{tmp_path}/nobody",
        "MOTCUA_MONGODB_URI": mongodb_uri,
    }


def findings(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return dict(json.loads(done.stdout))


def test_a_developers_machine_is_told_all_that_production_must_change(mongodb_uri: str) -> None:
    done = motcua("doctor", "--json", MONGODB_URI=mongodb_uri)
    found = findings(done)
    named = [sentence.partition(":")[0] for sentence in found["unsafe"]]
    assert named == [
        "MOTCUA_IDENTITY_SECRET",
        "MOTCUA_KEY_SECRET",
        "MOTCUA_PUBLIC_URL",
        "MOTCUA_CLIENTS_FILE",
        "MOTCUA_KMS_FILE",
        "MOTCUA_KEY_VAULT_URI",
        "MOTCUA_AUDIT_URI",
        "MOTCUA_AUDIT_FILE",
        "MOTCUA_FCM_SERVICE_ACCOUNT",
        "MOTCUA_CLAMD",
        "MOTCUA_MONGODB_URI",
    ]
    assert found["database"] == "ok"
    assert done.returncode == 1


def test_what_is_safe_is_left_alone_and_no_secret_is_printed(tmp_path: Path, mongodb_uri: str) -> None:
    done = motcua("doctor", **safe(tmp_path, mongodb_uri))
    assert [line for line in done.stdout.splitlines() if line.startswith("!")] == [
        "! MOTCUA_MONGODB_URI: add tls=true, the database carries personal data."
    ]
    assert "the database answers" in done.stdout
    assert SECRET not in done.stdout + done.stderr
    assert done.returncode == 1


def test_a_database_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path) -> None:
    uri = f"mongodb://127.0.0.1:{free_port()}/?replicaSet=rs0"
    done = motcua("doctor", "--json", **safe(tmp_path, uri))
    assert findings(done)["database"].startswith("MongoDB does not answer")
    assert findings(done)["scanner"].startswith("The virus scanner does not answer")
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def test_a_variable_nobody_knows_is_the_first_thing_said() -> None:
    done = motcua("doctor", MOTCUA_PUBLIK_URL="https://api.example")
    assert "MOTCUA_PUBLIK_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
