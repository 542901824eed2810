"""A queue of fifty thousand reports opens like one of five: by one read of one index (issue 7)."""

from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from backend.console.api.queue import PER_PAGE
from backend.feedback import queries
from backend.feedback.documents import Feedback
from kernel.ids import new_id
from tests.support.api import Api
from tests.support.console import signed_in
from tests.support.officials import OFFICIALS
from tests.support.reports import in_state

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

MANY, AT_ONCE = 50_000, 10_000
ENOUGH_MS = 100


async def test_the_first_page_of_fifty_thousand_is_one_indexed_read_and_quick(api: Api) -> None:
    rows = Feedback.get_pymongo_collection()
    first = await rows.find_one({"_id": await in_state(api, "in_progress")})
    assert first
    for begun in range(0, MANY, AT_ONCE):
        copies = [
            {
                **first,
                "_id": new_id(),
                "code": f"T{number}",
                "client_id": f"t{number}",
                "queue_at": first["queue_at"] + timedelta(seconds=number),
            }
            for number in range(begun, begun + AT_ONCE)
        ]
        await rows.insert_many([{k: v for k, v in copy.items() if k not in ("outbox", "follow_hash")} for copy in copies])

    wanted = queries.queue_filter(OFFICIALS["hoa"].principal())
    plan: dict[str, Any] = await rows.database.command(
        "explain",
        {"find": rows.name, "filter": wanted, "sort": {"queue_at": 1, "_id": 1}, "limit": int(PER_PAGE) + 1},
        verbosity="executionStats",
    )
    assert plan["executionStats"]["totalDocsExamined"] <= 2 * (int(PER_PAGE) + 1)
    assert "'SORT'" not in repr(plan["queryPlanner"]["winningPlan"])

    browser = await signed_in(api, "hoa")
    took = []
    for _ in range(7):
        before = perf_counter()
        answer = await browser.get("/console/")
        took.append((perf_counter() - before) * 1000)
        assert answer.text.count('class="job ') == int(PER_PAGE)
    assert median(took) < ENOUGH_MS, took
