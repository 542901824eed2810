"""The archive as a file on somebody's machine: it must neither run nor write anything there."""

import io
import re
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from backend.privacy.archive import Section, file_path, pack
from tests.unit.privacy_slice.keeper import START

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def page(*rows: object) -> str:
    packed = zipfile.ZipFile(io.BytesIO(pack([Section("s", "Phần " + HOSTILE, list(rows))], {}, made_at=START)))
    return packed.read("index.html").decode()


def test_what_a_citizen_wrote_stays_text() -> None:
    told = page({"text": HOSTILE, HOSTILE: [HOSTILE]})
    assert "<script" not in told
    assert "<img" not in told
    assert told.count("&lt;script&gt;") == 4


def test_the_page_loads_and_runs_nothing() -> None:
    told = page({"name": "Lan"})
    assert "default-src &#39;none&#39;" in told or "default-src 'none'" in told
    assert not re.search(r"https?://|<(script|img|link|a|iframe)\b", told)


def test_a_field_has_its_vietnamese_name() -> None:
    told = page({"applicant_name": "Lan", "unheard_of": 1})
    assert "<dt>Họ và tên</dt>" in told
    assert "<dt>unheard of</dt>" in told


@given(name=st.text(max_size=300))
def test_no_name_of_a_file_leads_out_of_its_folder(name: str) -> None:
    folder, _, rest = file_path(1, name).partition("/")
    assert folder == "tep"
    assert rest.startswith("001-")
    assert not {"/", "\\"} & set(rest)
    assert len(rest) <= 124
