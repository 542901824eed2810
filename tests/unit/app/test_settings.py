"""Settings: read once, wrong ones named, unsafe ones refused in production."""

from pathlib import Path

import msgspec
import pytest
from rich.pretty import pretty_repr

from backend.app.parts import make_parts
from backend.settings import Settings, SettingsError, load
from tests.support.live_world import motcua

# Fit for production, all of it.
SAFE = {
    "MOTCUA_ENVIRONMENT": "production",
    "MOTCUA_IDENTITY_SECRET": "i" * 32,
    "MOTCUA_KEY_SECRET": "k" * 32,
    "MOTCUA_PUBLIC_URL": "https://api.example",
    "MOTCUA_CLIENTS_FILE": "/etc/motcua/clients.json",
    "MOTCUA_KMS_FILE": "/etc/motcua/kms.json",
    "MOTCUA_KEY_VAULT_URI": "mongodb://keys.example/?replicaSet=rs0&tls=true",
    "MOTCUA_AUDIT_URI": "mongodb://audit@db.example/?replicaSet=rs0&tls=true",
    "MOTCUA_AUDIT_FILE": "/var/log/motcua/audit.jsonl",
    "MOTCUA_FCM_SERVICE_ACCOUNT": "/etc/motcua/fcm.json",
    "MOTCUA_CLAMD": "unix:/run/clamav/clamd.ctl",
    "MOTCUA_MONGODB_URI": "mongodb://db.example/?replicaSet=rs0&tls=true",
    "MOTCUA_CORS_ORIGINS": "https://app.example",
}
UNSAFE = {
    "no identity secret": {"MOTCUA_IDENTITY_SECRET": None},
    "a short identity secret": {"MOTCUA_IDENTITY_SECRET": "i" * 31},
    "no key secret": {"MOTCUA_KEY_SECRET": None},
    "a short key secret": {"MOTCUA_KEY_SECRET": "short"},
    "plain http": {"MOTCUA_PUBLIC_URL": "http://api.example"},
    "no clients": {"MOTCUA_CLIENTS_FILE": None},
    "no key service": {"MOTCUA_KMS_FILE": None},
    "keys beside the data": {"MOTCUA_KEY_VAULT_URI": None},
    "keys on the data's server": {"MOTCUA_KEY_VAULT_URI": "mongodb://keys@db.example/other?tls=true"},
    "keys on one of the data's servers": {"MOTCUA_KEY_VAULT_URI": "mongodb://keys.example,db.example/?tls=true"},
    "an audit trail its writer can change": {"MOTCUA_AUDIT_URI": None},
    "an audit trail without a second copy": {"MOTCUA_AUDIT_FILE": None},
    "no push": {"MOTCUA_FCM_SERVICE_ACCOUNT": None},
    "push to plain http": {"MOTCUA_FCM_ENDPOINT": "http://127.0.0.1:9099"},
    "e-mail in the clear": {"MOTCUA_SMTP_URL": "smtp+plain://127.0.0.1:25"},
    "texts in the clear": {"MOTCUA_SMS_URL": "http://127.0.0.1:9099"},
    "Zalo in the clear": {"MOTCUA_ZALO_OAUTH": "http://127.0.0.1:9099"},
    "no virus scanner": {"MOTCUA_CLAMD": None},
    "any origin": {"MOTCUA_CORS_ORIGINS": "*"},
    "an origin in plain http": {"MOTCUA_CORS_ORIGINS": "https://app.example,http://app.example"},
    "a database in the clear": {"MOTCUA_MONGODB_URI": "mongodb://db.example/?replicaSet=rs0"},
}


def changed(change: dict[str, str | None]) -> dict[str, str]:
    """The safe environment with something else in it."""
    return {name: value for name, value in {**SAFE, **change}.items() if value is not None}


def test_the_defaults_are_those_of_a_developers_machine() -> None:
    settings = load({})
    assert settings == Settings()
    assert not settings.in_production


def test_every_variable_reaches_its_field() -> None:
    settings = load(
        {**SAFE, "MOTCUA_PORT": "8443", "MOTCUA_LOG_JSON": "true", "MOTCUA_CORS_ORIGINS": "https://a.example,https://b.example,"}
    )
    assert (settings.port, settings.log_json) == (8443, True)
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.clients_file == Path("/etc/motcua/clients.json")


def test_the_databases_own_variable_counts_when_ours_is_not_set() -> None:
    assert load({"MONGODB_URI": "mongodb://db/"}).mongodb_uri == "mongodb://db/"
    assert load({"MONGODB_URI": "mongodb://db/", "MOTCUA_MONGODB_URI": "mongodb://mine/"}).mongodb_uri == "mongodb://mine/"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MOTCUA_IDENTITY_SECRETS", "x"),
        ("MOTCUA_", "x"),
        ("MOTCUA_PORT", "eighty"),
        ("MOTCUA_PORT", "70000"),
        ("MOTCUA_ENVIRONMENT", "staging"),
        ("MOTCUA_LOG_LEVEL", "LOUD"),
        ("MOTCUA_LOG_JSON", "perhaps"),
    ],
)
def test_a_variable_that_makes_no_sense_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match="MOTCUA_"):
        load({variable: value})


def test_what_is_safe_is_not_complained_about() -> None:
    assert load(SAFE).unsafe() == []


@pytest.mark.parametrize("change", list(UNSAFE.values()), ids=list(UNSAFE))
def test_each_unsafe_setting_is_named_by_its_variable(change: dict[str, str | None]) -> None:
    [sentence] = load(changed(change)).unsafe()
    assert sentence.startswith(f"{next(iter(change))}: ")


def test_tokens_in_the_clear_are_unsafe_however_they_were_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    [sentence] = load(SAFE).unsafe()
    assert sentence.startswith("AUTHLIB_INSECURE_TRANSPORT")


@pytest.mark.proves("SEC-82")
def test_production_refuses_to_start_with_what_is_unsafe_and_says_all_of_it() -> None:
    refused = motcua("worker", MOTCUA_ENVIRONMENT="production")
    assert refused.returncode == 1
    data = ("IDENTITY_SECRET", "KEY_SECRET", "KMS_FILE", "KEY_VAULT_URI", "AUDIT_URI", "AUDIT_FILE", "MONGODB_URI")
    for variable in (*data, "PUBLIC_URL", "CLIENTS_FILE", "FCM_SERVICE_ACCOUNT", "CLAMD"):
        assert f"MOTCUA_{variable}" in refused.stderr, refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"unheard_of": 1}', b'{"app_clients": [{"client_id": 1}]}'])
def test_a_clients_file_that_does_not_fit_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "clients.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="MOTCUA_CLIENTS_FILE"):
        make_parts(msgspec.structs.replace(Settings(), clients_file=file))


@pytest.mark.parametrize(
    "content", [None, b"", b"[]", b'{"providers": {}}', b'{"providers": {"kmip": {"endpoint": "x"}}, "active": "local"}']
)
def test_a_key_service_file_that_does_not_fit_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "kms.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="MOTCUA_KMS_FILE"):
        make_parts(msgspec.structs.replace(Settings(), kms_file=file))


def test_a_secret_is_not_printed_with_the_settings() -> None:
    """A traceback or a log line with the settings in it must not give the keys away."""
    settings = load({**SAFE, "MOTCUA_MONGODB_URI": "mongodb://user:password@db.example/?tls=true"})
    for printed in (repr(settings), pretty_repr(settings), str(msgspec.structs.replace(settings, port=1))):
        assert not [secret for secret in ("i" * 32, "k" * 32, "password") if secret in printed]


def test_an_address_of_no_scanner_is_named() -> None:
    with pytest.raises(SettingsError, match="MOTCUA_CLAMD"):
        make_parts(msgspec.structs.replace(Settings(), clamd="clamav"))
