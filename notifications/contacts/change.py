"""A recipient enters a contact, confirms it by the code that came there, and takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from kernel.errors import StaleVersion
from kernel.ids import derived_id, new_id
from kernel.privacy.field import Plain
from notifications.addresses import CONTACT_KINDS, ContactKind, normalised
from notifications.channels.port import Ambiguous, DeadTarget, Refused, Sent, Text, TextChannel
from notifications.contacts import codes
from notifications.contacts.codes import Codes
from notifications.documents import Contact, PendingAddress, mine
from notifications.errors import CodeNotSent, CodeSpent, CodeWrong, ContactNotFound, ContactNotOffered, ContactUnreachable
from notifications.messages.spoken import code as code_words
from notifications.ways import CONFIRMED_BY, ChannelName, language_on

Row = dict[str, Any]


@dataclass(frozen=True)
class ContactDesk:
    """What a change of contacts needs around it: the ways a code can go, and the secret behind codes."""

    channels: Mapping[ChannelName, TextChannel]
    codes: Codes


def contact_id(recipient: str, kind: ContactKind) -> str:
    """One of a kind for each recipient."""
    return derived_id("contact", recipient, kind)


async def enter(recipient: str, kind: ContactKind, raw: str, desk: ContactDesk, *, language: str, now: datetime) -> Contact:
    """Have a code sent to this address; it counts once the code is said. The former one stays until then.

    Raises:
        ContactMalformed, ContactNotOffered.
        ContactUnreachable: the provider says that nobody is there.
        CodeNotSent: not at the moment.
        StaleVersion: another phone of theirs enters one at this moment.
    """
    address = normalised(kind, raw)
    way = CONFIRMED_BY[kind]
    channel = desk.channels.get(way)
    if channel is None:
        raise ContactNotOffered
    known = contact_id(recipient, kind)
    contact = await Contact.get(known) or Contact(id=known, recipient=recipient, kind=kind)
    contact.remember()
    code = desk.codes.new()
    contact.pending = PendingAddress(
        address=Plain(address), digest=desk.codes.digest(known, code), expires_at=now + codes.LIFETIME, tries=codes.TRIES
    )
    # Before it is sent, so that whatever arrives can be confirmed.
    try:
        await contact.commit()
    except DuplicateKeyError as faster:
        raise StaleVersion(id=known, present=1) from faster
    language = language_on(way, language)
    said = code_words(code, language, minutes=int(codes.LIFETIME.total_seconds() // 60))
    match await channel.send(Text(new_id(), address, language, said), now=now):
        case Sent() | Ambiguous():
            return contact
        case DeadTarget() | Refused():
            raise ContactUnreachable
        case _:
            raise CodeNotSent


async def confirm(recipient: str, kind: ContactKind, code: str, desk: ContactDesk, *, now: datetime) -> Contact:
    """The address a code was sent to counts from now on.

    Raises:
        ContactNotFound.
        CodeSpent: there is none to be confirmed, or not any more.
        CodeWrong: one try less.
    """
    known = contact_id(recipient, kind)
    if await Contact.find_one({"_id": {"$eq": known}, **mine(recipient)}) is None:
        raise ContactNotFound
    # Counted before it is compared: who guesses with many hands has no more tries than with one.
    open_code = {"_id": {"$eq": known}, "pending.expires_at": {"$gt": now}, "pending.tries": {"$gt": 0}}
    counted = await Contact.get_pymongo_collection().find_one_and_update(
        open_code,
        {"$inc": {"pending.tries": -1, "version": 1}},
        projection={"pending.digest": 1},
        return_document=ReturnDocument.AFTER,
    )
    if counted is None:
        raise CodeSpent
    if not desk.codes.fits(known, code, counted["pending"]["digest"]):
        raise CodeWrong
    contact = await Contact.get(known)
    if contact is None or contact.pending is None or contact.pending.digest != counted["pending"]["digest"]:
        raise CodeSpent
    contact.remember()
    contact.address, contact.pending = contact.pending.address, None
    contact.confirmed_at, contact.edition, contact.retired_reason = now, new_id(), None
    return await contact.commit()


async def remove(recipient: str, kind: ContactKind) -> None:
    """Nothing goes there any more, and the address is forgotten.

    Raises:
        ContactNotFound.
    """
    if not await Contact.depart({"_id": {"$eq": contact_id(recipient, kind)}, **mine(recipient)}):
        raise ContactNotFound


async def retire(contact: str, edition: str, reason: str) -> None:
    """The provider says nobody is there: true for the address it was sent to, not for one confirmed since (as I15)."""
    await Contact.get_pymongo_collection().update_one(
        {"_id": {"$eq": contact}, "edition": {"$eq": edition}}, {"$set": {"retired_reason": reason}, "$inc": {"version": 1}}
    )


async def contacts_of(recipient: str) -> tuple[list[Row], None]:
    """Their contacts, still sealed, in a fixed order; there is no second page."""
    rows = await Contact.get_pymongo_collection().find(mine(recipient)).to_list()
    return sorted(rows, key=lambda row: CONTACT_KINDS.index(row["kind"])), None
