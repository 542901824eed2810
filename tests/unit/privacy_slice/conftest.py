"""A keeper of personal data over a database and a key vault of the test's own."""

import secrets
from collections.abc import AsyncIterator

import pytest

from backend.privacy.slice import Privacy, build_privacy
from kernel.clock import TestClock
from kernel.mongo.client import Database, bind
from kernel.personal import CitizenKeys
from kernel.privacy.subjects import Subject, Subjects
from kernel.privacy.vault import Vault
from tests.unit.privacy_slice.keeper import NOTES, NUMBER, START, AuditBook, Cases, Keeper, Note


@pytest.fixture
async def privacy(database: Database) -> AsyncIterator[Privacy]:
    clock, subjects = TestClock(START), Subjects(CitizenKeys(b"s" * 32))
    keys = f"{database.name}_keys"
    vault = Vault(database.client, keys, providers={"local": {"key": secrets.token_bytes(96)}}, provider="local")
    privacy = build_privacy(
        db=database, vault=vault, subjects=subjects, audit=AuditBook(), clock=clock, personal_data=[NOTES], open_cases=Cases()
    )
    await bind(database, [Subject, Note, *privacy.slice.documents], vault, build_indexes=True)
    yield privacy
    await vault.close()
    await database.client.drop_database(keys)


@pytest.fixture
async def keeper(privacy: Privacy) -> Keeper:
    """The house, with one citizen it knows and nothing about them yet."""
    held = privacy.holdings
    assert isinstance(held.clock, TestClock)
    assert isinstance(held.audit, AuditBook)
    assert isinstance(held.open_cases, Cases)
    return Keeper(held, held.clock, held.audit, held.open_cases, await held.subjects.of(NUMBER))
