"""Whatever is stored about a citizen is in their copy, or stands here with the reason why not (SEC-77, domain.md B11)."""

from collections.abc import Iterator

import pytest

from backend.app.parts import make_parts
from backend.settings import Settings
from kernel.mongo.document import Stored
from kernel.privacy.declared import fields_of

pytestmark = pytest.mark.proves("SEC-77")

PARTS = make_parts(Settings())
DOCUMENTS = {document.__name__: document for part in PARTS.slices for document in part.documents}
TOLD = {document.__name__: fields for data in PARTS.privacy.holdings.personal_data for document, fields in data.told.items()}

# Documents of which a citizen gets nothing.
KEPT_BACK = {
    "Agency": "an office, public",
    "StaffMember": "an official's place in the directory",
    "Procedure": "public",
    "ConsoleSession": "an official's browser, signed in",
    "ConsolePresence": "which official is writing at this moment",
    "AppState": "what apps are told, the same for everybody",
    "SigningKey": "ours",
    "ZaloGrant": "ours",
    "SpentToken": "a hash that names nobody",
    "LoginTransaction": "a sign-in under way, without a person yet; gone within minutes",
    "PushedRequest": "likewise",
    "AuthorizationCode": "a hash and the id of a session, which is told",
    "RefreshToken": "likewise",
    "KeyedRequest": "the answer to a request of theirs, once more, for a day",
    "Watch": "the id of a dossier, which is told, and a moment",
    "Reminder": "what an office reminds itself of",
    "Segment": "part of a file that is still arriving; it is told as an upload",
    "Feed": "numbers of changes under ids of what is told",
    "StaffNote": "what officers write to each other: the office weighs whether a citizen may see it",
    "Breach": "about events, not about persons",
    "Subject": "the keyed hash of a number they know",
}
# Fields that only serve the house, in any document.
MACHINERY = {
    *("id", "version", "revision_id", "erased_at", "operation", "client_id", "epoch", "lease", "due", "tries", "open"),
}
# Fields of which a citizen gets nothing, though they get the document.
KEPT_BACK_FIELDS = {
    "Dossier.applicant": "the citizen themselves, by an opaque id",
    "Dossier.name_tokens": "hashes of the beginnings of their name, by which it is found",
    "Dossier.search": "words of the code and the procedure, by which it is found",
    "Dossier.source_updated_at": "when the source system wrote last",
    "Dossier.timeline.key": "the source system's own name of the event",
    "Dossier.timeline.recorded_at": "when it got here",
    "Dossier.timeline.source": "which system told it",
    "Dossier.timeline.actor": "an official's opaque id; who looked and acted is in the access log",
    "Dossier.timeline.irregular": "whether the source told it out of order",
    "Dossier.prolonged.step": "the name of the write",
    "Dossier.prolonged.actor": "an official's opaque id",
    "Dossier.supplements.step": "the name of the write",
    "Dossier.supplements.actor": "an official's opaque id",
    "Feedback.reporter": "the citizen themselves, by an opaque id",
    "Feedback.follow_secret": "opens the report to whoever holds it: not to lie in a file; the app shows it",
    "Feedback.follow_hash": "its hash",
    "Feedback.definition": "by which version of the table the states are read",
    "Feedback.desk": "where it lies inside the office",
    "Feedback.suggested_agency": "what the office thinks before it decides",
    "Feedback.assignee": "an official's opaque id; the names of those who answer are in the timeline",
    "Feedback.officer": "who has it on their table; the names of those who answer are in the timeline",
    "Feedback.seen_by": "who may see it, derived from where it lies",
    "Feedback.nobody_on_duty": "the office's own",
    "Feedback.escalated_at": "the office's own",
    "Feedback.escalated_why": "the office's own",
    "Feedback.queue_at": "its place in a queue",
    "Feedback.times_out_at": "when the clock looks at it again",
    "Feedback.timeline.move": "the name of the step; the state it led to is told",
    "Feedback.timeline.round": "which promise it belongs to",
    "Feedback.timeline.actor": "an official's opaque id; the name is told",
    "Feedback.draft": "an answer nobody has approved yet: not the citizen's before it is given",
    "Feedback.merged_into": "the id of somebody else's report; it is told as one they follow",
    "Feedback.followers": "others; that they follow somebody else's is told from its side",
    "Upload.owner": "the citizen themselves, by an opaque id",
    "Upload.fingerprint": "by which a repeated request is known",
    "Upload.offset": "how much has arrived",
    "Upload.key": "opens the bytes while they arrive; the file is told",
    "Upload.segments": "where the bytes lie",
    "Upload.tail": "bytes, encrypted",
    "Upload.writer": "which request may write",
    "Upload.check": "which worker looks at it",
    "Person.kind": "a citizen",
    "Person.email": "set for officials only",
    "Person.citizen_key": "the citizen themselves, by an opaque id",
    "Person.unlock_digest": "the hash of a secret",
    "Session.person_id": "the account, by an opaque id",
    "Session.kind": "a citizen",
    "Session.issuer": "stands with the account",
    "Session.subject": "stands with the account",
    "Session.upstream_sid": "the provider's own name of its session",
    "Session.jkt": "a key's thumbprint: only good for checking",
    "Session.named_by": "the citizen themselves, by an opaque id",
    "Session.helper": "another person; that somebody was let act is told as a delegation",
    "Delegation.person_id": "the account, by an opaque id",
    "Delegation.given_in": "a session, which is told",
    "Delegation.lasts_s": "how long it was to last; its session is told",
    "Delegation.code_digest": "the hash of a secret",
    "Delegation.forget_at": "when the database removes it",
    "InboxItem.recipient": "the citizen themselves, by an opaque id",
    "PushTarget.recipient": "the citizen themselves, by an opaque id",
    "PushTarget.session_id": "a session, which is told",
    "Delivery.notice": "the id of a notice, which is told",
    "Delivery.recipient": "the citizen themselves, by an opaque id",
    "Delivery.group": "which news replaces which",
    "Delivery.lane": "how urgent it is to the sender",
    "Delivery.attempts.detail": "Google's error code",
    "Delivery.attempts.took_ms": "how long it took",
    "Delivery.late.detail": "Google's error code",
    "Delivery.late.took_ms": "how long it took",
    "Delivery.passed": "channels that could not take it; each attempt is told",
    "Delivery.provider_id": "Google's name of the message",
    "Delivery.folded_at": "when it was counted",
    "Contact.recipient": "the citizen themselves, by an opaque id",
    "Contact.edition": "by which a late word of a dead mailbox is known",
    "Contact.pending.digest": "the keyed hash of a code",
    "Contact.pending.tries": "how often it may still be said",
    "Preferences.recipient": "the citizen themselves, by an opaque id",
    "Consent.subject": "the citizen themselves, by an opaque id",
    "Consent.number": "the decisions in their order, which the copy keeps",
    "ErasureRequest.subject": "the citizen themselves, by an opaque id",
    "ErasureRequest.history.by": "an official's opaque id; it is in the access log",
    "ErasureRequest.steps": "how far an erasure has come, after which there is nobody to tell",
    "DataRequest.subject": "the citizen themselves, by an opaque id",
    "DataRequest.history.by": "an official's opaque id; it is in the access log",
    "ErasureRequest.kind": "that it is an erasure, which the copy says by its name",
    "Export.subject": "the citizen themselves, by an opaque id",
    "Export.leased_until": "which worker makes it",
    "Export.attempts": "how often it was tried",
    "Export.file": "a copy like this one, which can be taken until it expires",
    "Export.bytes_in": "where its bytes lie",
}


def test_every_document_is_told_or_explained() -> None:
    assert sorted(set(DOCUMENTS) - set(TOLD) - set(KEPT_BACK)) == [], "tell it in the slice's personal_data.py, or say why not"
    assert sorted(set(KEPT_BACK) - set(DOCUMENTS)) == [], "explained, and not there any more"
    assert sorted(set(KEPT_BACK) & set(TOLD)) == [], "explained, and told"


def test_every_field_is_told_or_explained() -> None:
    kept_back = {f"{name}.{path}" for name, told in TOLD.items() for path in untold(DOCUMENTS[name], told)}
    assert sorted(field for field in kept_back if not explained(field)) == [], "tell it, or say why not"
    idle = [field for field in KEPT_BACK_FIELDS if not any(known == field or known.startswith(f"{field}.") for known in kept_back)]
    assert idle == [], "explained, and told or not there any more"


def test_what_is_told_is_there() -> None:
    there = {f"{name}.{path}" for name in TOLD for path, _, _ in fields_of(DOCUMENTS[name])}
    assert [f"{name}.{path}" for name, told in TOLD.items() for path in told if f"{name}.{path}" not in there] == []


def untold(document: type[Stored], told: tuple[str, ...]) -> Iterator[str]:
    """The paths of a document that its citizen is not told, one for each part of it that is no model of its own."""
    paths = [path for path, _, _ in fields_of(document)]
    for path in paths:
        whole = not any(other.startswith(f"{path}.") for other in paths)
        if whole and path not in told and not any(path.startswith(f"{one}.") for one in told):
            yield path


def explained(field: str) -> bool:
    """Is the field, or what it lies in, in the table?"""
    parts = field.split(".")
    return parts[-1] in MACHINERY or any(".".join(parts[:end]) in KEPT_BACK_FIELDS for end in range(2, len(parts) + 1))
