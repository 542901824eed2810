"""A key service over the network, spoken to as libmongocrypt speaks to AWS: keys are made, opened and rewrapped there (SEC-73)."""

import base64
import json
import secrets
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import anyio
import pytest

from backend.app.connections import open_vault
from backend.settings import Settings, SettingsError
from kernel.mongo.client import Client, Database, connect
from kernel.privacy.errors import VaultUnavailable
from kernel.privacy.field import Plain
from kernel.privacy.vault import ERASED, Vault
from tests.support.aws_kms import KEY, AwsKms, running_kms
from tests.support.live_world import motcua
from tests.unit.privacy.cards import KEK, NAME, NOW

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-73"), pytest.mark.timeout(300)]

NEXT = "arn:aws:kms:ap-southeast-1:1:key/mot-cua-2027"
LOCAL = {"key": base64.b64encode(KEK["local"]["key"]).decode()}


@pytest.fixture
async def kms(tmp_path: Path) -> AsyncIterator[AwsKms]:
    async with running_kms(tmp_path) as kms:
        yield kms


@pytest.fixture
async def keys(mongodb_uri: str) -> AsyncIterator[Client]:
    async with connect(mongodb_uri) as client:
        yield client


@pytest.fixture
def settings(mongodb_uri: str, database: Database, tmp_path: Path) -> Settings:
    return Settings(mongodb_uri=mongodb_uri, database=database.name, kms_file=tmp_path / "kms.json")


def holds(settings: Settings, kms: AwsKms, active: str, *, local: bool = True, key: str = KEY) -> None:
    """Write the file of key services."""
    assert settings.kms_file
    providers = {"aws": kms.provider, **({"local": LOCAL} if local else {})}
    master_key = {**kms.master_key, "key": key} if active == "aws" else {}
    told = {"providers": providers, "active": active, "master_key": master_key, "tls": {"aws": kms.tls}}
    settings.kms_file.write_text(json.dumps(told))


async def fresh(settings: Settings, keys: Client) -> Vault:
    """A vault as another process has it."""
    vault = open_vault(settings, keys)
    await vault.prepare()
    return vault


async def test_keys_are_made_and_opened_by_the_service(settings: Settings, kms: AwsKms, keys: Client) -> None:
    holds(settings, kms, "aws", local=False)
    first = await fresh(settings, keys)
    sealed = await first.seal("s_lan", Plain(NAME))
    assert kms.calls == ["Encrypt", "Decrypt"]
    row = await first.keys.find_one({})
    assert row
    assert row["masterKey"] | {"endpoint": ""} == {"provider": "aws", **kms.master_key, "endpoint": ""}
    other = await fresh(settings, keys)
    assert await other.open_one(sealed) == NAME
    assert await other.open_one(sealed) == NAME
    assert kms.calls == ["Encrypt", "Decrypt", "Decrypt"], "asked once a process, and not for every value"
    await other.erase("s_lan", now=NOW)
    assert await other.open_one(sealed) is ERASED
    for vault in (first, other):
        await vault.close()


async def test_a_service_that_is_down_or_refuses_is_unavailable_and_never_erased(
    settings: Settings, kms: AwsKms, keys: Client
) -> None:
    holds(settings, kms, "aws", local=False)
    first = await fresh(settings, keys)
    sealed = await first.seal("s_lan", Plain(NAME))
    await first.close()
    kms.down = True
    cold = await fresh(settings, keys)
    with pytest.raises(VaultUnavailable):
        await cold.open_one(sealed)
    kms.down = False
    assert await cold.open_one(sealed) == NAME
    await cold.close()


async def test_without_our_authority_the_service_is_not_believed(settings: Settings, kms: AwsKms, keys: Client) -> None:
    holds(settings, kms, "aws")
    assert settings.kms_file
    told = json.loads(settings.kms_file.read_text())
    settings.kms_file.write_text(json.dumps({**told, "tls": {}}))
    vault = await fresh(settings, keys)
    with pytest.raises(VaultUnavailable):
        await vault.seal("s_lan", Plain(NAME))
    assert kms.calls == []
    await vault.close()


async def test_an_operator_moves_every_key_from_a_local_master_key_to_the_service(
    settings: Settings, kms: AwsKms, keys: Client, mongodb_uri: str
) -> None:
    holds(settings, kms, "local")
    before = await fresh(settings, keys)
    sealed = [await before.seal(f"s_{n}", Plain(NAME)) for n in range(3)]
    await before.close()
    holds(settings, kms, "aws")
    environment = {
        "MOTCUA_MONGODB_URI": mongodb_uri,
        "MOTCUA_DATABASE": settings.database,
        "MOTCUA_KMS_FILE": str(settings.kms_file),
    }
    done = await anyio.to_thread.run_sync(lambda: motcua("keys", "rotate-master", "--provider", "aws", **environment))
    assert (done.returncode, "3 keys rewrapped" in done.stdout) == (0, True), done.stderr
    assert kms.calls.count("Encrypt") == 3
    holds(settings, kms, "aws", local=False)
    after = await fresh(settings, keys)
    assert [await after.open_one(value) for value in sealed] == [NAME] * 3
    assert await after.keys.count_documents({"masterKey.provider": "local"}) == 0
    await after.close()


async def test_an_operator_changes_to_another_key_of_the_same_service(
    settings: Settings, kms: AwsKms, keys: Client, mongodb_uri: str
) -> None:
    holds(settings, kms, "aws", local=False)
    before = await fresh(settings, keys)
    sealed = [await before.seal(f"s_{n}", Plain(NAME)) for n in range(3)]
    await before.erase("s_2", now=NOW)
    await before.close()
    kms.keys[NEXT] = secrets.token_bytes(32)
    holds(settings, kms, "aws", local=False, key=NEXT)
    environment = {
        "MOTCUA_MONGODB_URI": mongodb_uri,
        "MOTCUA_DATABASE": settings.database,
        "MOTCUA_KMS_FILE": str(settings.kms_file),
    }
    for left in (2, 0):
        command = partial(motcua, "keys", "rotate-master", "--provider", "aws", **environment)
        done = await anyio.to_thread.run_sync(command)
        assert (done.returncode, f"{left} keys rewrapped" in done.stdout) == (0, True), done.stdout + done.stderr
    counted = await anyio.to_thread.run_sync(partial(motcua, "keys", "status", "--json", **environment))
    assert json.loads(counted.stdout) == {f"wrapped by aws {NEXT}": 2, "retired": 0, "destroyed": 1}
    del kms.keys[KEY]
    after = await fresh(settings, keys)
    assert [await after.open_one(value) for value in sealed] == [NAME, NAME, ERASED]
    await after.close()


async def test_a_file_of_key_services_with_a_field_too_many_stops_the_program(settings: Settings, keys: Client) -> None:
    assert settings.kms_file
    settings.kms_file.write_text(json.dumps({"providers": {"local": LOCAL}, "active": "local", "masterkey": {}}))
    with pytest.raises(SettingsError, match="masterkey"):
        open_vault(settings, keys)
