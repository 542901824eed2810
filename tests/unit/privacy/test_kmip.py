"""A KMIP server keeps the master key: libmongocrypt has one made there, and every data key is wrapped and opened by it (SEC-73)."""

import json
from pathlib import Path

import pytest

from backend.app.connections import open_vault
from backend.dev.sockets import free_port
from backend.settings import Settings
from kernel.mongo.client import Client, Database, connect
from kernel.privacy.errors import VaultUnavailable
from kernel.privacy.field import Plain
from kernel.privacy.vault import Vault
from tests.support.kmip_server import KmipServer, running_kmip
from tests.unit.privacy.cards import NAME

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-73"), pytest.mark.timeout(300)]


async def fresh(settings: Settings, keys: Client) -> Vault:
    vault = open_vault(settings, keys)
    await vault.prepare()
    return vault


def holds(file: Path, kmip: KmipServer, tls: dict[str, str]) -> None:
    told = {"providers": {"kmip": kmip.provider}, "active": "kmip", "tls": {"kmip": tls}}
    file.write_text(json.dumps(told))


async def test_keys_are_made_and_opened_by_a_kmip_server_that_knows_its_client(
    mongodb_uri: str, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "kms.json"
    settings = Settings(mongodb_uri=mongodb_uri, database=database.name, kms_file=file)
    async with running_kmip(tmp_path, free_port()) as kmip, connect(mongodb_uri) as keys:
        holds(file, kmip, kmip.tls)
        first = await fresh(settings, keys)
        sealed = await first.seal("s_lan", Plain(NAME))
        row = await first.keys.find_one({})
        assert row
        assert row["masterKey"] == {"provider": "kmip", "keyId": "1"}
        other = await fresh(settings, keys)
        assert await other.open_one(sealed) == NAME
        # Without the certificate of a client nobody is let in, and nothing is shown as erased because of that.
        holds(file, kmip, {"tlsCAFile": kmip.tls["tlsCAFile"]})
        stranger = await fresh(settings, keys)
        with pytest.raises(VaultUnavailable):
            await stranger.open_one(sealed)
        for vault in (first, other, stranger):
            await vault.close()


async def test_every_key_is_wrapped_anew_by_another_key_of_the_same_server(
    mongodb_uri: str, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "kms.json"
    settings = Settings(mongodb_uri=mongodb_uri, database=database.name, kms_file=file)
    async with running_kmip(tmp_path, free_port()) as kmip, connect(mongodb_uri) as keys:
        holds(file, kmip, kmip.tls)
        vault = await fresh(settings, keys)
        # Asked for no key by its id, the server makes one for each.
        sealed = [await vault.seal(f"s_{n}", Plain(NAME)) for n in range(3)]
        assert set(await vault.keys.distinct("masterKey.keyId")) == {"1", "2", "3"}
        assert [await vault.rewrap("kmip", {"keyId": "2"}) for _ in range(2)] == [2, 0]
        assert await vault.keys.distinct("masterKey.keyId") == ["2"]
        other = await fresh(settings, keys)
        assert [await other.open_one(value) for value in sealed] == [NAME] * 3
        for one in (vault, other):
            await one.close()
