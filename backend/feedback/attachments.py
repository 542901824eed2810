"""The seam to the room of uploads: a report names uploads by their ids, and whoever keeps them ties them to it."""

from collections.abc import Sequence
from typing import Protocol

from backend.feedback.errors import UploadsNotTaken
from kernel.principal import Principal

REPORT, REPLY, ANSWER_EVIDENCE = "feedback_report", "feedback_reply", "feedback_answer"


class Attachments(Protocol):
    """Whoever keeps uploads."""

    async def attach(self, actor: Principal, upload_ids: Sequence[str], purpose: str, *, to: str) -> object:
        """Tie the actor's finished uploads to the thing `to`; repeatable.

        Raises:
            Problem: one of them is not there, not the actor's, not finished, or refused.
        """
        ...


class NoUploads:
    """Until there is such a room: no upload is silently lost."""

    async def attach(self, actor: Principal, upload_ids: Sequence[str], purpose: str, *, to: str) -> object:  # noqa: ARG002
        if upload_ids:
            raise UploadsNotTaken
        return ()
