"""A citizen says yes or no to a purpose; saying no is the same call as saying yes (SEC-76)."""

from datetime import datetime

from pymongo.errors import DuplicateKeyError

from backend.privacy import purposes
from backend.privacy.documents import Consent, DataRequest
from backend.privacy.errors import ConsentTextChanged, ConsentTextMissing, ProcessingRestricted
from backend.privacy.purposes import Purpose
from kernel.audit import Audit, AuditEntry, Change, changed
from kernel.errors import FieldError
from kernel.principal import Principal


async def decide_consent(
    actor: Principal, key: str, *, granted: bool, shown_version: str | None, now: datetime, audit: Audit
) -> None:
    """Write the decision down. The same decision on the same text again adds nothing.

    Raises:
        PurposeNotFound, ConsentNotAsked.
        ConsentTextMissing: a yes, and nobody says to which text.
        ConsentTextChanged: `shown_version` is what the citizen read, and it is not the present text.
        ProcessingRestricted: a yes, while the citizen has had processing restricted.
    """
    purpose = purposes.consentable(key)
    # Nobody has to read anything to say no.
    if granted and shown_version is None:
        raise ConsentTextMissing(errors=[FieldError("/textVersion", "missing", "which text the citizen was shown")])
    if granted and shown_version != purpose.text_version:
        raise ConsentTextChanged(current=purpose.text_version)
    subject = actor.recipient
    if granted and await DataRequest.restricted([subject]):
        raise ProcessingRestricted
    told = await _write_down(subject, purpose, granted=granted, now=now, channel=actor.client_id)
    act = "consent.given" if granted else "consent.withdrawn"
    await audit.record(actor, AuditEntry(action=act, object=f"purpose:{key}", subjects=(subject,), changes=told))


async def _write_down(subject: str, purpose: Purpose, *, granted: bool, now: datetime, channel: str) -> tuple[Change, ...]:
    before = await Consent.latest(subject, purpose.key)
    was = {name: before[name] for name in ("granted", "text_version")} if before else {}
    wanted = {"granted": granted, "text_version": purpose.text_version}
    if was == wanted:
        return ()
    consent = Consent(
        subject=subject,
        purpose=purpose.key,
        number=before["number"] + 1 if before else 1,
        granted=granted,
        text_version=purpose.text_version,
        at=now,
        channel=channel,
    )
    try:
        await consent.commit()
    except DuplicateKeyError:
        # Another device decided at the same moment; this decision comes after it.
        return await _write_down(subject, purpose, granted=granted, now=now, channel=channel)
    return changed(was, wanted)
