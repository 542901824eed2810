"""What was committed reaches the feeds, at least once."""

from backend.sync.actions.bump import Feeds
from kernel.mongo.followed import Changed
from kernel.slice import on


@on(Changed)
async def bump_the_feeds(event: Changed, feeds: Feeds) -> None:
    """Mostly nothing is left to do: whoever committed has told it already, unless they died."""
    await feeds.hear(event)
