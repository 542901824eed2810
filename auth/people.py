"""The person behind an account: found again by (issuer, subject), made when new, refused when the account does not count here."""

from datetime import datetime

import structlog
from pymongo.errors import DuplicateKeyError

from auth.config import ProviderConfig
from auth.directory import CachedDirectory
from auth.documents import Identity, Person
from auth.errors import AccountNotAccepted, PersonChanged
from auth.providers.account import Account, in_domains
from kernel.errors import StaleVersion
from kernel.personal import CitizenKeys, PersonalNumberMalformed

log = structlog.get_logger(__name__)

# Two sign-ins with one account at one moment meet in the unique index or in the version; the second then finds the first's work.
ATTEMPTS = 5


async def recognise(
    account: Account, provider: ProviderConfig, *, directory: CachedDirectory, citizen_keys: CitizenKeys, now: datetime
) -> Person:
    """The person of this account, with what the provider says of them today.

    Raises:
        AccountNotAccepted: too low a level; or staff whom the directory does not grant anything, or from a foreign domain.
    """
    if account.assurance < provider.minimum_assurance:
        log.info("sign_in.refused", provider=provider.id, why="assurance_too_low")
        raise AccountNotAccepted
    if provider.kind == "staff":
        told = {"name": await _staff_name(account, provider, directory), "email": account.email}
    else:
        told = {"name": account.name, "citizen_key": _citizen_key(account, citizen_keys)}
    for _ in range(ATTEMPTS):
        try:
            return await _remember(account, provider, told, now)
        except (DuplicateKeyError, StaleVersion):
            continue
    raise PersonChanged


async def _remember(account: Account, provider: ProviderConfig, told: dict[str, str | None], now: datetime) -> Person:
    identity = {"issuer": account.issuer, "subject": account.subject}
    person = await Person.find_one({"identities": {"$elemMatch": identity}})
    if person is None:
        person = Person(
            kind=provider.kind,
            identities=[Identity(provider=provider.id, **identity)],
            name=told["name"] or "",
            created_at=now,
            signed_in_at=now,
        )
    if person.kind != provider.kind:
        # The provider's configuration was changed: an old account must not change sides with it (SEC-17).
        log.error("sign_in.refused", provider=provider.id, why="kind_changed")
        raise AccountNotAccepted
    for field, value in told.items():
        setattr(person, field, value)
    person.signed_in_at = now
    return await person.commit()


async def _staff_name(account: Account, provider: ProviderConfig, directory: CachedDirectory) -> str:
    if account.email is None or not in_domains(account.email, provider.email_domains):
        log.info("sign_in.refused", provider=provider.id, why="address_not_accepted")
        raise AccountNotAccepted
    grant = await directory.active_grant(account.email)
    if grant is None:
        log.info("sign_in.refused", provider=provider.id, why="not_in_directory")
        raise AccountNotAccepted
    return grant.name


def _citizen_key(account: Account, citizen_keys: CitizenKeys) -> str | None:
    if account.personal_number is None:
        return None
    try:
        return citizen_keys.key(account.personal_number)
    except PersonalNumberMalformed:
        log.warning("sign_in.personal_number_malformed")
        return None
