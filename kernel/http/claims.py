"""Who answers a keyed request, and the answer kept for whoever asks again; the same for every process, also after a crash.

A claim is one row under a unique id. It is leased on the database's clock, so that clocks that differ and processes that die cannot
part two of us; its token fences off whoever was too slow. What the kept answer shows is personal: it is sealed under its citizen's
key, and an erasure makes it noise.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from beanie.odm.fields import IndexModelField
from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from kernel.errors import Gone, Unavailable
from kernel.ids import new_id
from kernel.mongo.document import Stored
from kernel.privacy.field import PersonalText, Plain
from kernel.slice import PersonalData, Slice

# Longer than any handler takes; a phone whose first try died with its process waits this long, answered 409 meanwhile.
LEASE = timedelta(seconds=30)
KEPT_FOR = timedelta(hours=24)
TRIES = 5
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class AnswerErased(Gone):
    """This was answered, but the answer cannot be shown again: the data in it have been erased."""

    vi = "Yêu cầu này đã được trả lời, nhưng dữ liệu trong câu trả lời đã được xóa."


@dataclass(frozen=True)
class Answer:
    """An answer as it went over the wire; `headers` are those that belong to it, not to its delivery."""

    status: int
    headers: dict[str, str]
    body: bytes


class KeptAnswer(BaseModel, frozen=True):
    """An answer as it is stored."""

    model_config = ConfigDict(hide_input_in_errors=True)

    status: int
    headers: dict[str, str]
    body: PersonalText


class KeyedRequest(Stored):
    """A request that came with an idempotency key. While somebody works on it, `token` is theirs and `leased_until` lies ahead."""

    subject: str
    fingerprint: str
    begun_at: datetime
    token: str | None = None
    leased_until: datetime | None = None
    answer: KeptAnswer | None = None

    class Settings:
        name = "idempotency_keys"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("begun_at", ASCENDING)], name="keep_24_hours", expireAfterSeconds=int(KEPT_FOR.total_seconds())),
            IndexModel([("subject", ASCENDING)]),
        ]

    def data_subject(self) -> str:
        return self.subject


@dataclass(frozen=True)
class Claim:
    """What was found under a key: whose it is, for which request, its answer, or whether we are the ones to answer (`held`)."""

    id: str
    token: str
    subject: str
    fingerprint: str
    held: bool
    answer: Answer | None

    async def keep(self, answer: Answer, subject: str) -> bool:
        """Keep the answer, sealed for `subject`, whose data it shows; False when somebody else holds the claim by now.

        Raises:
            SubjectErased, VaultUnavailable: it cannot be sealed. The claim has been given back.
        """
        assert KeyedRequest.vault
        stored = {"status": answer.status, "headers": answer.headers, "body": Plain(answer.body.decode())}
        try:
            sealed = await KeyedRequest.vault.seal(subject, stored)
        except Exception:
            await self.release()
            raise
        done = await KeyedRequest.get_pymongo_collection().update_one(
            {"_id": self.id, "token": self.token},
            {"$set": {"answer": sealed, "subject": subject}, "$unset": {"token": "", "leased_until": ""}, "$inc": {"version": 1}},
        )
        return done.matched_count == 1

    async def release(self) -> None:
        """Give the key back: nothing was done under it."""
        await KeyedRequest.get_pymongo_collection().delete_one({"_id": self.id, "token": self.token})


async def take(claim_id: str, fingerprint: str, subject: str) -> Claim:
    """Take the claim if nobody has it, or whoever had it let it run out; find it as it is otherwise. One atomic step.

    Raises:
        AnswerErased, VaultUnavailable.
    """
    token = new_id()
    for _ in range(TRIES):
        try:
            row = await KeyedRequest.get_pymongo_collection().find_one_and_update(
                {"_id": claim_id}, _taking(token, fingerprint, subject), upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            # Two made the row at one moment: it is there now.
            continue
        assert row
        answer = await _opened(row["answer"]) if "answer" in row and row["fingerprint"] == fingerprint else None
        return Claim(claim_id, token, row["subject"], row["fingerprint"], row.get("token") == token, answer)
    raise Unavailable


def _taking(token: str, fingerprint: str, subject: str) -> list[dict[str, Any]]:
    """The step, decided in the database: a claim is free without an answer, for the same request, when no lease runs."""
    unanswered = {"$eq": [{"$type": "$answer"}, "missing"]}
    run_out = {"$lte": [{"$ifNull": ["$leased_until", _LONG_AGO]}, "$$NOW"]}
    same = {"$eq": ["$fingerprint", fingerprint]}
    first = {
        "version": {"$ifNull": ["$version", 1]},
        "subject": {"$ifNull": ["$subject", {"$literal": subject}]},
        "fingerprint": {"$ifNull": ["$fingerprint", fingerprint]},
        "begun_at": {"$ifNull": ["$begun_at", "$$NOW"]},
    }
    until = {"$add": ["$$NOW", int(LEASE.total_seconds() * 1000)]}
    return [
        {"$set": first},
        {"$set": {"free": {"$and": [unanswered, run_out, same]}}},
        {"$set": {"token": {"$cond": ["$free", token, "$token"]}, "leased_until": {"$cond": ["$free", until, "$leased_until"]}}},
        {"$unset": "free"},
    ]


async def _opened(kept: dict[str, Any]) -> Answer:
    assert KeyedRequest.vault
    (answer,) = await KeyedRequest.vault.open([kept])
    if not isinstance(answer["body"], str):
        raise AnswerErased
    return Answer(answer["status"], answer["headers"], answer["body"].encode())


async def _nothing_to_show(_subject: str) -> list[dict[str, Any]]:
    # Copies of what the slices themselves hand out, gone within a day.
    return []


async def _erase(subject: str, _now: datetime) -> int:
    return (await KeyedRequest.get_pymongo_collection().delete_many({"subject": {"$eq": subject}})).deleted_count


SLICE = Slice(
    name="idempotency",
    documents=[KeyedRequest],
    personal_data=[
        PersonalData(
            "idempotency_keys",
            "Câu trả lời giữ lại cho lần gửi lặp",
            "Answers kept for repeated requests",
            _nothing_to_show,
            _erase,
        )
    ],
)
