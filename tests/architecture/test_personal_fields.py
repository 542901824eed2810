"""Every stored field that sounds like a person is declared personal, or says here why it is not (SEC-72)."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict

from backend.app.parts import make_parts
from backend.settings import Settings
from kernel.mongo.document import Stored
from kernel.privacy.declared import fields_of, is_personal, personal_fields
from kernel.privacy.field import Personal, PersonalText, PersonName
from kernel.privacy.kind import Kind

pytestmark = pytest.mark.proves("SEC-72")

SOUNDS_PERSONAL = re.compile(
    r"(^|_)(name|names|fullname|nickname|e?mail|phones?|mobile|address|birth|birthday|born|gender|sex|numbers?|cccd|identity|lat|lon|lng"
    r"|latitude|longitude|location|place|coordinates?|spot|points?|position|gps|geo|landmark|dob|born_on|notes?|remarks?|text|reason|title|detail|comment|message|params|content|body|value|subject"
    r"|contact|ip|user_agent)($|_)"
)
# A birth date is no text, and neither is where somebody stood.
HOLDS_A_VALUE = re.compile(r"\b(str|Any|object|bytes|date|datetime|float|int|Decimal)\b")

# What only sounds so, and why it may be stored in the clear.
NOT_PERSONAL = {
    "Agency.name": "the name of an office",
    "StaffMember.name": "an official in office is named in public (staff directory)",
    "StaffMember.email": "an official's address at the office, by which they sign in",
    "Person.email": "set for officials only: their address at the office",
    "Person.identities.subject": "the provider's opaque id of an account, without which nobody is recognised; deleted on erasure",
    "Session.subject": "likewise; blanked on erasure",
    "Feedback.public.text": "an officer's words for everybody, from which whoever sent the report cannot be told",
    "Session.end_reason": "one word of ours",
    "InboxItem.message": "the id of a text in the catalogue",
    "InboxItem.params": "codes and ids only; the catalogue's texts have no place for a name (I27)",
    "PushTarget.target.value": "Google's id of an installation; deleted on erasure",
    "PushTarget.retired_reason": "one word of ours",
    "Contact.retired_reason": "one word of ours",
    "Delivery.reason": "one word of ours",
    "Delivery.attempts.detail": "a word of ours for the provider's answer, and its code",
    "Delivery.late.detail": "a word of ours for the provider's answer, and its code",
    "Delivery.message": "the id of a text in the catalogue",
    "Procedure.name": "the name of a procedure",
    "Dossier.procedure_name": "the name of a procedure",
    "Dossier.name_tokens": "keyed hashes of beginnings of a name, cut to 16 bytes; unset on erasure",
    "StaffNote.subject": "an opaque id",
    "Consent.subject": "an opaque id",
    "Consent.text_version": "a number of ours",
    "ErasureRequest.subject": "an opaque id",
    "DataRequest.subject": "an opaque id",
    "ErasureRequest.steps.name": "one word of ours",
    "Export.subject": "an opaque id",
    "KeyedRequest.subject": "an opaque id",
    "Segment.content": "encrypted under the upload's own key before it gets here (kernel/mongo/arriving.py)",
    "Breach.contact": "the office that answers, printed in the notice",
    "Consent.number": "which decision of theirs on a purpose it is",
    "Feedback.spot.coordinates": "the place as coarse as the public may know it (backend/feedback/places.py), to be looked up by",
}

DOCUMENTS = [document for part in make_parts(Settings()).slices for document in part.documents]


def bare(document: type[BaseModel]) -> Iterator[str]:
    """The fields that hold a value in the clear and sound like a person."""
    for path, _, info in fields_of(document):
        in_the_clear = HOLDS_A_VALUE.search(str(info.annotation)) and not is_personal(info)
        if in_the_clear and SOUNDS_PERSONAL.search(path.rsplit(".", 1)[-1]):
            yield f"{document.__name__}.{path}"


def test_what_sounds_like_a_person_is_sealed_or_explained() -> None:
    found = {field for document in DOCUMENTS for field in bare(document)}
    assert sorted(found - set(NOT_PERSONAL)) == [], "declare it with a type of kernel.privacy.field, or say why not"
    assert sorted(set(NOT_PERSONAL) - found) == [], "explained, and not there any more"


def test_a_document_with_personal_fields_says_whose_they_are() -> None:
    silent = [d.__name__ for d in DOCUMENTS if personal_fields(d) and d.data_subject is Stored.data_subject]
    assert silent == []


def test_a_model_with_personal_fields_never_prints_a_rejected_value() -> None:
    owners = {owner for document in DOCUMENTS for _, owner, info in fields_of(document) if is_personal(info)}
    assert [owner.__name__ for owner in owners if not owner.model_config.get("hide_input_in_errors")] == []


def test_personal_data_are_there_to_be_checked() -> None:
    assert "timeline.note" in personal_fields(next(d for d in DOCUMENTS if d.__name__ == "Dossier"))


class _Inner(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    note: str
    sealed: PersonalText | None = None


class _Outer(Stored):
    name: str
    full_name: PersonName | None = None
    home_address: Annotated[str, "x"] = ""
    phones: list[str] = []
    anything: dict[str, Any] = {}
    inner: _Inner | None = None
    many: list[_Inner] = []
    deep: dict[str, tuple[_Inner, ...]] = {}
    names: list[Annotated[Any, Personal(Kind.NAME)]] = []
    rename: str = ""
    birth_date: date | None = None
    lat: float = 0
    coordinates: list[float] = []
    spot: tuple[float, float] | None = None
    born_at: datetime | None = None
    name_known: bool = False


def test_the_walk_sees_through_lists_unions_and_annotations() -> None:
    assert set(bare(_Outer)) == {
        "_Outer.name",
        "_Outer.home_address",
        "_Outer.phones",
        "_Outer.inner.note",
        "_Outer.many.note",
        "_Outer.deep.note",
        "_Outer.birth_date",
        "_Outer.lat",
        "_Outer.coordinates",
        "_Outer.spot",
        "_Outer.born_at",
    }
    assert set(personal_fields(_Outer)) == {"full_name", "inner.sealed", "many.sealed", "deep.sealed", "names"}
