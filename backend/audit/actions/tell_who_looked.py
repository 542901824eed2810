"""Tell a citizen, who asked to be told, that an official has looked at their data. What and who stands behind sign-in."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime

from backend.audit.chain import Row
from kernel.audit import DONE
from kernel.clock import VIETNAM
from notifications.inbox.post import Notices
from notifications.notice import Notice

# Whole dossiers and reports, who sent them, files, what the trail itself says of them: what the text of the consent names. A line
# in a list tells an official a name among fifty: that stands in the access log, and rings nobody.
LOOKS = frozenset(
    {
        *("dossier.viewed", "dossier.result_downloaded", "dossier.paper_downloaded", "dossier.paper_printed"),
        *("feedback.viewed", "feedback.unmasked", "feedback.file_downloaded"),
        "audit.opened",
    }
)
MESSAGE, LINK = "privacy.seen", "/account/access-log"

# Since when this citizen wants to be told; None where they do not.
WantsToKnow = Callable[[str], Awaitable[datetime | None]]


async def tell_who_looked(rows: list[Row], notices: Notices, wants_to_know: WantsToKnow) -> int:
    """Post what is to be told of these records; answers to how many. The same official, thing and day are told once."""
    told = 0
    for row, subject in _looks(rows):
        since = await wants_to_know(subject)
        if since is None or row["at"] < since:
            continue
        day = row["at"].astimezone(VIETNAM).date().isoformat()
        key = f"{row['actor']['id']}:{row['object']}:{day}"
        await notices.post(Notice(recipient=subject, message=MESSAGE, params={}, link=LINK, dedupe_key=key))
        told += 1
    return told


def _looks(rows: list[Row]) -> Iterator[tuple[Row, str]]:
    for row in rows:
        # An anchor has no actor.
        if row.get("action") in LOOKS and row["actor"]["kind"] == "staff" and row["result"] == DONE:
            for subject in row["subjects"]:
                yield row, subject
