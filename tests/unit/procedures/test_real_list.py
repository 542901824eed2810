"""The real national list, where it is there: 1,601 rows as the portal prints them."""

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from backend.procedures import queries
from backend.procedures.actions.import_national import import_national
from backend.procedures.channels import CHANNELS
from backend.procedures.limits import UNIT_WORDS
from backend.procedures.national import NationalRow, read_line
from kernel.text import clean

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)

pytestmark = pytest.mark.timeout(120)


@pytest.mark.anyio
async def test_imported_twice_it_is_whole_and_the_second_run_changes_nothing(database: None, national_list: Path) -> None:
    first = await import_national(national_list, now=NOW)
    assert (first.read, first.created, first.broken_lines) == (1_601, 1_601, 0)
    assert (first.with_limit, first.without_limit, first.with_fee) == (1_261, 340, 1_138)
    second = await import_national(national_list, now=NOW)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 1_601)
    for q, code in [("dang ky thuong tru", "1.004222"), ("khai sinh", "1.001193"), ("ĐẤT ĐAI", "1.012812")]:
        rows, _ = await queries.page_of_procedures(q=q, limit=3)
        assert rows[0]["_id"] == code


def test_every_limit_printed_with_its_unit_is_read_and_no_figure_is_lost(national_list: Path) -> None:
    printed = re.compile(rf"(?:{'|'.join(CHANNELS)})([0-9]+) ({UNIT_WORDS})")
    for line in gzip.decompress(national_list.read_bytes()).splitlines():
        raw = clean(msgspec.json.decode(line, type=NationalRow).cach_thuc_thuc_hien)
        table = read_line(line).channel_table
        read = [limit for channel in table.channels for limit in channel.time_limits]
        assert [f"{limit.amount}" for limit in read if limit.unit] == [amount for amount, _ in printed.findall(raw)]
        texts = [text for c in table.channels for text in [*(x.text for x in c.time_limits), *(x.text for x in c.fees), c.note]]
        assert re.findall(r"[0-9]+", "|".join([table.rest, *texts])) == re.findall(r"[0-9]+", raw)
