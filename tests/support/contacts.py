"""Confirmed contacts and the sender of texts, as the tests of fallbacks put them together."""

import random
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from backend.app.parts import Parts
from kernel.ids import new_id
from kernel.privacy.field import Plain
from notifications.addresses import ContactKind
from notifications.channels.port import TextChannel
from notifications.contacts.change import contact_id
from notifications.delivery.fallback.messenger import Messenger
from notifications.documents import Contact, Delivery
from notifications.inbox.post import USUAL_WAITS
from notifications.lanes import FALLBACK
from notifications.ways import CHANNELS, ChannelName
from tests.support.post_office import Post

ADDRESSES: Mapping[ContactKind, str] = {"email": "lan@example.com", "phone": "+84912345678"}


async def contact_of(parts: Parts, recipient: str = "s_lan", kind: ContactKind = "email", address: str | None = None) -> Contact:
    """A confirmed contact of somebody's."""
    contact = Contact(id=contact_id(recipient, kind), recipient=recipient, kind=kind)
    contact.address = Plain(address or ADDRESSES[kind])
    contact.confirmed_at, contact.edition = parts.clock.now(), new_id()
    return await contact.commit()


def messenger(
    parts: Parts,
    post: Post | Mapping[ChannelName, TextChannel],
    *,
    agreed: Collection[ChannelName] = CHANNELS,
    link: str | None = None,
) -> Messenger:
    """A sender of texts to whom everybody has agreed, to these channels."""

    async def yes(recipients: Collection[str]) -> set[str]:
        return set(recipients)

    return Messenger(
        post.channels if isinstance(post, Post) else post,
        parts.clock,
        consents=dict.fromkeys(agreed, yes),
        vault=parts.vault,
        waits=USUAL_WAITS,
        link=link,
        rng=random.Random(7),
    )


async def wait_is_over(parts: Parts) -> None:
    """As if the time of every fallback had come."""
    long_ago = {"$set": {"due": datetime(2000, 1, 1, tzinfo=UTC)}}
    await parts.db["deliveries"].update_many({"lane": FALLBACK, "state": "pending"}, long_ago)


async def the_fallback() -> Delivery:
    """The one fallback there is."""
    [delivery] = await Delivery.find({"lane": FALLBACK}).to_list()
    return delivery
