"""`motcua keys` as an operator runs it: another master key, other data keys, and the former master key thrown away."""

import base64
import json
import subprocess
from pathlib import Path

import pytest

from auth.documents import Identity, Person
from kernel.mongo.client import Database, bind
from kernel.privacy.field import Plain, Sealed
from kernel.privacy.vault import Vault
from kernel.privacy.walk import each
from tests.support.live_world import motcua
from tests.unit.privacy.cards import KEK, NAME, NOW, Card, raw

pytestmark = [pytest.mark.proves("SEC-73", "SEC-74"), pytest.mark.timeout(300)]


class Operator:
    """Somebody at the command line, with a key service file of their own."""

    def __init__(self, uri: str, database: str, folder: Path) -> None:
        self._file = folder / "kms.json"
        self._settings = {"MOTCUA_MONGODB_URI": uri, "MOTCUA_DATABASE": database, "MOTCUA_KMS_FILE": str(self._file)}

    def holds(self, active: str, *others: str) -> None:
        providers = {name: {"key": base64.b64encode(KEK[name]["key"]).decode()} for name in (active, *others)}
        self._file.write_text(json.dumps({"providers": providers, "active": active}))

    def keys(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return motcua("keys", *arguments, **self._settings)


@pytest.fixture
def operator(mongodb_uri: str, database: Database, tmp_path: Path) -> Operator:
    return Operator(mongodb_uri, database.name, tmp_path)


async def test_the_master_key_is_changed_and_the_former_thrown_away(operator: Operator, vault: Vault) -> None:
    for n in range(3):
        await vault.seal(f"s_{n}", Plain(NAME))
    operator.holds("local", "local:next")
    assert json.loads(operator.keys("status", "--json").stdout) == {"wrapped by local": 3, "retired": 0, "destroyed": 0}
    too_early = operator.keys("rotate-master", "--provider", "local:next")
    assert (too_early.returncode, "active" in too_early.stderr) == (2, True)
    operator.holds("local:next", "local")
    done = operator.keys("rotate-master", "--provider", "local:next")
    assert (done.returncode, "3 keys rewrapped" in done.stdout) == (0, True), done.stderr
    operator.holds("local:next")
    assert json.loads(operator.keys("status", "--json").stdout)["wrapped by local:next"] == 3


async def test_data_keys_are_changed_over_every_collection_that_holds_ciphertext(
    operator: Operator, vault: Vault, database: Database
) -> None:
    await bind(database, [Person, Card], vault, build_indexes=False)
    account = Identity(provider="citizen", issuer="https://id.example", subject="1")
    card = await Card(name=Plain(NAME)).commit()
    person = await Person(
        kind="citizen", identities=[account], name=Plain(NAME), citizen_key="s_one", created_at=NOW, signed_in_at=NOW
    ).commit()
    before = await database["people"].find_one({"_id": person.id})
    operator.holds("local")
    done = operator.keys("rotate-data")
    assert (done.returncode, "1 keys retired, 1 documents sealed anew" in done.stdout) == (0, True), done.stdout + done.stderr
    after = await database["people"].find_one({"_id": person.id})
    assert after
    assert before
    assert {v.key_id for v in each(after, Sealed)}.isdisjoint({v.key_id for v in each(before, Sealed)})
    assert (await vault.open([after]))[0]["name"] == NAME
    # A collection that no slice declares is not ours to touch, and still opens.
    assert (await vault.open([await raw(database, card)]))[0]["name"] == NAME
