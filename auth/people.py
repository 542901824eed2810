"""The person behind an account: found again by (issuer, subject), made when new, refused when the account does not count here."""

from datetime import datetime
from typing import Any

import structlog
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from auth.config import ProviderConfig
from auth.directory import CachedDirectory
from auth.documents import Person, account_subject
from auth.errors import AccountLocked, AccountNotAccepted
from auth.providers.account import Account, in_domains
from kernel.ids import new_id
from kernel.personal import PersonalNumberMalformed
from kernel.privacy.errors import SubjectErased
from kernel.privacy.field import Plain
from kernel.privacy.subjects import Subjects

log = structlog.get_logger(__name__)


# What a provider says of somebody, as it is stored.
Told = dict[str, Any]


async def recognise(
    account: Account, provider: ProviderConfig, *, directory: CachedDirectory, subjects: Subjects, now: datetime
) -> str:
    """The id of this account's person, who is from now on what the provider says of them today.

    Raises:
        AccountNotAccepted: too low a level; or staff whom the directory does not grant anything, or from a foreign domain.
        AccountLocked: its owner has locked it.
    """
    if account.assurance < provider.minimum_assurance:
        raise _refused(provider, "assurance_too_low")
    if provider.kind == "staff":
        await _check_directory(account, provider, directory)
        told: Told = {"email": account.email}
    else:
        told = await _sealed_name(account, await _subject(account, subjects))
    try:
        person = await _remember(account, provider, told, now)
    except DuplicateKeyError:
        # A first sign-in with this account at the same moment was quicker: now the person is there.
        person = await _again(account, provider, told, now)
    if "locked_at" in person:
        log.info("sign_in.refused", provider=provider.id, why="locked")
        raise AccountLocked
    return str(person["_id"])


async def _again(account: Account, provider: ProviderConfig, told: Told, now: datetime) -> dict[str, Any]:
    try:
        return await _remember(account, provider, told, now)
    except DuplicateKeyError as error:
        # There, but of the other kind: the provider's configuration was changed, and an old account does not change sides with it.
        raise _refused(provider, "kind_changed") from error


async def _remember(account: Account, provider: ProviderConfig, told: Told, now: datetime) -> dict[str, Any]:
    """Find or make the person and note what was told, in one statement, so that simultaneous sign-ins do not meet."""
    identity = {"issuer": account.issuer, "subject": account.subject}
    update: dict[str, Any] = {
        "$set": {"signed_in_at": now} | {field: value for field, value in told.items() if value is not None},
        "$setOnInsert": {"_id": new_id(), "identities": [{"provider": provider.id, **identity}], "created_at": now},
        "$inc": {"version": 1},
    }
    if absent := {field: "" for field, value in told.items() if value is None}:
        update["$unset"] = absent
    person: Any = await Person.get_pymongo_collection().find_one_and_update(
        {"identities": {"$elemMatch": identity}, "kind": provider.kind},
        update,
        upsert=True,
        projection={"locked_at": 1},
        return_document=ReturnDocument.AFTER,
    )
    return dict(person)


async def _sealed_name(account: Account, citizen: str | None) -> Told:
    """The name under its citizen's key. Written below by a statement of its own, so it is sealed here and not by a commit."""
    assert Person.vault
    owner = citizen or account_subject(account.issuer, account.subject)
    try:
        name: Told = await Person.vault.seal(owner, {"name": Plain(account.name) if account.name else None})
    except SubjectErased:
        # An account without a number came back: it signs in as before, and its name is not kept again.
        name = {"name": None}
    return {**name, "citizen_key": citizen}


async def _check_directory(account: Account, provider: ProviderConfig, directory: CachedDirectory) -> None:
    if account.email is None or not in_domains(account.email, provider.email_domains):
        raise _refused(provider, "address_not_accepted")
    grant = await directory.active_grant(account.email)
    if grant is None:
        raise _refused(provider, "not_in_directory")


async def _subject(account: Account, subjects: Subjects) -> str | None:
    if account.personal_number is None:
        return None
    try:
        return await subjects.of(account.personal_number)
    except PersonalNumberMalformed:
        log.warning("sign_in.personal_number_malformed")
        return None


def _refused(provider: ProviderConfig, why: str) -> AccountNotAccepted:
    log.info("sign_in.refused", provider=provider.id, why=why)
    return AccountNotAccepted()
