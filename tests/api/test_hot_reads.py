"""What phones ask all day costs one read of the database, however much there is to see, and no write (R-B1, R-B2)."""

from collections.abc import Iterator

import pytest

from tests.support.api import Api
from tests.support.commands import Counted, counted_commands
from tests.support.feed import event, new_code

DOSSIERS = 12


# Autouse, and so before any client is made.
@pytest.fixture(scope="module", autouse=True)
def counted() -> Iterator[Counted]:
    with counted_commands() as listener:
        yield listener


@pytest.fixture
async def hot(api: Api) -> dict[str, tuple[str, list[str]]]:
    """What is asked, and which collections may be read for it; everybody is known, and every budget leased, by then."""
    code = new_code()
    dossier = await api.told(*[event(code, status) for status in ("accepted", "processing")])
    await api.tell(*[event(new_code()) for _ in range(DOSSIERS)])
    since = (await api.get("lan", "/v1/sync")).json()["nextSince"]
    for path in ("/v1/dossiers", "/v1/inbox"):
        await api.get("lan", path)
    return {
        "one dossier": (f"/v1/dossiers/{dossier}", ["dossiers"]),
        "my dossiers": ("/v1/dossiers", ["dossiers"]),
        "my inbox": ("/v1/inbox", ["inbox"]),
        "nothing new": (f"/v1/sync?since={since}", ["sync_feeds"]),
    }


@pytest.mark.proves("R-B1", "R-B2")
@pytest.mark.parametrize("what", ["one dossier", "my dossiers", "my inbox", "nothing new"])
async def test_one_read_and_no_write_with_or_without_a_tag(
    api: Api, counted: Counted, hot: dict[str, tuple[str, list[str]]], what: str
) -> None:
    path, collections = hot[what]
    for headers in ({}, {"if-none-match": (await api.get("lan", path)).headers["etag"]}):
        counted.sent.clear()
        answer = await api.get("lan", path, headers=headers)
        assert answer.status_code == (304 if headers else 200)
        assert counted.reads() == collections
        assert not {name for name, _ in counted.sent} & {"insert", "update", "delete", "findAndModify"}
