"""What a record says changed: values as they are, personal ones as a reference that dies with its citizen's key."""

import base64
from datetime import UTC, datetime

import pytest

from backend.audit.actions.record import AuditLog
from backend.audit.actions.verify import verify
from backend.audit.documents import AuditTrail
from backend.audit.personal_data import personal_data
from kernel.audit import CALLER_NETWORK, AuditEntry, Change, changed, network_of
from kernel.clock import TestClock
from kernel.errors import AuditUnavailable
from kernel.mongo.client import Database
from kernel.privacy.errors import SubjectMissing, VaultUnavailable
from kernel.privacy.field import Plain, Sealed
from kernel.privacy.vault import ERASED
from tests.support.audit_trail import EVENING, LAN, NAM, stored
from tests.support.officials import HOA
from tests.support.vaults import vault_beside

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-67")]

# Unlike any word of ours.
WORD = "Nguyễn Thị Chim Yến"
RENAMED = (Change(field="applicant_name", before=Plain("Ng. T. C. Yến"), after=Plain(WORD)),)


def renamed(**more: object) -> AuditEntry:
    return AuditEntry(**{"action": "dossier.recorded", "object": "dossier:d1", "subjects": (LAN,), "changes": RENAMED, **more})


def test_only_what_differs_is_a_change() -> None:
    before, after = {"status": "accepted", "agency": "H12.13"}, {"status": "processing", "agency": "H12.13", "due": 3}
    assert changed(before, after) == (
        Change(field="status", before="accepted", after="processing"),
        Change(field="due", before=None, after=3),
    )


async def test_a_record_holds_values_before_and_after(trail: AuditTrail, database: Database) -> None:
    entry = AuditEntry(
        action="erasure.extended",
        object="erasure_request:r1",
        changes=changed(
            {"state": "waiting", "cases": []}, {"state": "deferred", "due_by": EVENING, "cases": ["H12"], "open": True}
        ),
    )
    async with vault_beside(database) as vault:
        await AuditLog(trail, TestClock(EVENING), vault=vault).record(HOA, entry)
    (row,) = await stored(trail)
    assert row["changes"] == [
        {"field": "state", "before": "waiting", "after": "deferred"},
        {"field": "cases", "before": [], "after": ["H12"]},
        {"field": "due_by", "after": "2026-11-20T14:00:00+00:00"},
        {"field": "open", "after": True},
    ]
    assert (await verify(trail)).whole


@pytest.mark.proves("SEC-68", "SEC-75")
async def test_erasure_makes_the_values_unreadable_and_leaves_the_chain_valid(trail: AuditTrail, database: Database) -> None:
    async with vault_beside(database) as vault:
        await AuditLog(trail, TestClock(EVENING), vault=vault).record(HOA, renamed())
        (row,) = await stored(trail)
        assert "Yến" not in str(row)
        reference = Sealed(base64.b64decode(row["changes"][0]["after"]["sealed"]))
        assert await vault.open_one(reference) == WORD
        await vault.erase(LAN, now=datetime.now(UTC))
        assert await vault.open_one(reference) is ERASED
    assert await stored(trail) == [row]
    assert (await verify(trail)).whole


async def test_a_change_that_cannot_be_sealed_is_not_recorded_half(trail: AuditTrail, database: Database) -> None:
    async with vault_beside(database) as vault:
        log = AuditLog(trail, TestClock(EVENING), vault=vault)
        with pytest.raises(SubjectMissing):
            await log.record(HOA, renamed(subjects=(LAN, NAM)))
        await log.record(HOA, renamed(subjects=(LAN, NAM), whose=LAN))
    assert len(await stored(trail)) == 1


@pytest.mark.proves("SEC-71")
async def test_a_vault_that_does_not_answer_refuses_the_act(
    trail: AuditTrail, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with vault_beside(database) as vault:

        async def away(*_: object) -> None:
            raise VaultUnavailable

        monkeypatch.setattr(vault, "seal", away)
        with pytest.raises(AuditUnavailable):
            await AuditLog(trail, TestClock(EVENING), vault=vault).record(HOA, renamed())
    assert await stored(trail) == []


@pytest.mark.proves("SEC-75")
async def test_of_somebody_erased_at_this_moment_only_the_field_is_named(trail: AuditTrail, database: Database) -> None:
    async with vault_beside(database) as vault:
        await vault.erase(LAN, now=datetime.now(UTC))
        await AuditLog(trail, TestClock(EVENING), vault=vault).record(HOA, renamed())
    (row,) = await stored(trail)
    assert row["changes"] == [{"field": "applicant_name"}]


async def test_without_a_vault_a_personal_value_is_refused_rather_than_stored(trail: AuditTrail) -> None:
    with pytest.raises(AuditUnavailable):
        await AuditLog(trail, TestClock(EVENING)).record(HOA, renamed())
    assert await stored(trail) == []


async def test_the_citizens_own_copy_has_the_values_opened(trail: AuditTrail, database: Database) -> None:
    async with vault_beside(database) as vault:
        await AuditLog(trail, TestClock(EVENING), vault=vault).record(HOA, renamed())
        (told,) = await vault.open(await personal_data(trail).export(LAN))
    assert told["changes"] == [{"field": "applicant_name", "before": "Ng. T. C. Yến", "after": WORD}]


async def test_a_record_says_from_which_network_and_never_from_which_address(trail: AuditTrail) -> None:
    known = CALLER_NETWORK.set(network_of("203.0.113.77"))
    await AuditLog(trail, TestClock(EVENING)).record(HOA, renamed(changes=()))
    CALLER_NETWORK.reset(known)
    (row,) = await stored(trail)
    assert row["network"] == "203.0.113.0/24"


@pytest.mark.parametrize(
    ("address", "network"),
    [("2001:db8:1:2::7", "2001:db8:1::/48"), ("::ffff:203.0.113.7", "203.0.113.0/24"), ("", None), ("testclient", None)],
)
def test_the_network_of_an_address(address: str, network: str | None) -> None:
    assert network_of(address) == network
