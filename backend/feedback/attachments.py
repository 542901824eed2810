"""The seam to the room of uploads: a report names uploads by their ids, and whoever keeps them hands the files over to it."""

from collections.abc import Sequence
from typing import Protocol

from kernel.mongo.files import StoredFile
from kernel.principal import Principal

REPORT, REPLY, ANSWER_EVIDENCE = "feedback_report", "feedback_reply", "feedback_answer"
# SEC-56. What a citizen sends with a report and with later replies to it counts together; so does what one answer shows.
MOST_FILES = 5


class Attachments(Protocol):
    """Whoever keeps uploads."""

    async def attach(self, actor: Principal, upload_ids: Sequence[str], purpose: str, *, to: str) -> Sequence[StoredFile]:
        """The actor's finished uploads, tied to the thing `to`, in this order; the same when asked again.

        Raises:
            Problem: one of them is not there, not the actor's, not finished, refused, or part of something else.
        """
        ...
