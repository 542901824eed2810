"""What pages say, under which policy they come, and that a look at them is on record like any other."""

import re
from io import BytesIO

import pytest
from PIL import Image

from backend.console.acts import ACTS
from backend.console.assets import ASSETS
from backend.console.wording import WORDS
from backend.feedback.states import FEEDBACK
from kernel.ids import new_id
from notifications.inbox.post import Notices
from notifications.notice import Notice
from tests.support.api import Api
from tests.support.callers import NUMBERS
from tests.support.console import COOKIE, form_of, signed_in, words_of
from tests.support.reports import ENOUGH, NO_PICTURE, in_state, seen, staff
from tests.support.samples import photo

pytestmark = pytest.mark.anyio

INLINE = re.compile(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=|javascript:", re.IGNORECASE)


async def pages_of(api: Api) -> dict[str, str]:
    report = await in_state(api, "in_progress")
    browser = await signed_in(api, "hoa")
    paths = ("/console/", f"/console/reports/{report}", "/console/dossiers", "/console/figures", "/console/reports/none")
    answers = {path: await browser.get(path) for path in paths}
    for path, answer in answers.items():
        assert answer.headers["cache-control"] == "no-store", path
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert {policy[what] for what in ("script-src", "style-src", "img-src", "connect-src", "form-action")} == {"'self'"}
        assert answer.headers["x-content-type-options"] == "nosniff"
    return {path: answer.text for path, answer in answers.items()}


@pytest.mark.proves("R-D2")
async def test_every_page_comes_under_the_policy_and_keeps_it(api: Api) -> None:
    for path, html in (await pages_of(api)).items():
        assert INLINE.findall(html) == [], path
        for address in re.findall(r'(?:src|href|action)="([^"]+)"', html):
            assert address.startswith(("/console", "#")), f"{path} names {address}"


@pytest.mark.proves("R-D2")
async def test_assets_are_named_by_their_content_kept_for_a_year_and_vouched_for(api: Api) -> None:
    html = (await pages_of(api))["/console/"]
    for name, asset in ASSETS.items():
        answer = await api.call("", "GET", asset.address)
        assert answer.content == asset.content
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        if not name.endswith(".svg"):
            assert f'"{asset.address}" integrity="{asset.integrity}"' in html
    assert '"allowEval":false' in html
    assert '"includeIndicatorStyles":false' in html
    assert (await api.call("", "GET", "/console/assets/console.0000.css")).status_code == 404


def test_everything_is_said_in_both_languages() -> None:
    assert [key for key, (vi, en) in WORDS.items() if not vi or not en] == []
    blanks = {key: [set(re.findall(r"{(\w+)}", said)) for said in both] for key, both in WORDS.items()}
    assert [key for key, (vi, en) in blanks.items() if vi != en] == []


def test_every_step_staff_may_take_has_a_form() -> None:
    by_staff = {move.name for move in FEEDBACK.moves if set(move.by) - {"citizen", "clock"}}
    assert by_staff == set(ACTS)


async def test_what_a_stranger_wrote_is_text_and_never_markup(api: Api) -> None:
    report = await in_state(api, "in_progress", text="<script>alert(1)</script> đèn hỏng <b>quá</b>")
    answer = await (await signed_in(api, "hoa")).get(f"/console/reports/{report}")
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>alert" not in answer.text


async def test_a_report_of_others_is_not_there(api: Api) -> None:
    report = await in_state(api, "in_progress")
    answer = await (await signed_in(api, "phuc")).get(f"/console/reports/{report}")
    assert answer.status_code == 404
    assert "Đèn đường" not in answer.text


@pytest.mark.proves("SEC-71")
async def test_a_look_at_a_report_is_on_record_like_any_other(api: Api) -> None:
    report = await in_state(api, "in_progress")
    await (await signed_in(api, "hoa")).get(f"/console/reports/{report}")
    records = (await api.get("thu", "/v1/staff/audit", params={"object": f"feedback:{report}"})).json()["items"]
    assert [r["action"]["code"] for r in records if r["object"] == f"feedback:{report}"][:1] == ["feedback.viewed"]


@pytest.mark.proves("R-D3")
async def test_an_answer_goes_out_by_a_plain_form_and_only_once(api: Api) -> None:
    report = await in_state(api, "in_progress")
    browser, address = await signed_in(api, "hoa"), f"/console/reports/{report}"
    form = (await browser.form(address, f"{address}/acts/answer")).filled(public_text=ENOUGH, why_no_picture=NO_PICTURE)

    first, again = [await browser.post(f"{address}/acts/answer", form) for _ in range(2)]

    assert [first.status_code, again.status_code] == [303, 303]
    assert [step["state"]["name"] for step in (await seen(api, report))["timeline"]].count("answered") == 1
    assert ENOUGH in words_of(await browser.get(first.headers["location"]))


@pytest.mark.proves("R-D3")
async def test_a_stale_answer_meets_a_page_with_both_texts(api: Api) -> None:
    report = await in_state(api, "in_progress")
    browser, address = await signed_in(api, "hoa"), f"/console/reports/{report}"
    form = await browser.form(address, f"{address}/acts/answer")
    assert (await staff(api, "minh", report, "forward", publicText="Đã chuyển Điện lực xử lý theo phân cấp.")).status_code == 200

    answer = await browser.post(f"{address}/acts/answer", form.filled(public_text=ENOUGH, why_no_picture=NO_PICTURE))

    assert answer.status_code == 412
    assert ENOUGH in answer.text
    assert "Đã chuyển Điện lực" in answer.text
    # It can still be answered: knowing both, she sends hers.
    knowing = form_of(answer, f"{address}/acts/answer").filled(public_text=ENOUGH, why_no_picture=NO_PICTURE)
    assert (await browser.post(f"{address}/acts/answer", knowing)).status_code == 303


@pytest.mark.proves("R-D3")
async def test_an_answer_goes_out_with_a_picture_that_the_page_then_shows(api: Api) -> None:
    report = await in_state(api, "in_progress")
    browser, address = await signed_in(api, "hoa"), f"/console/reports/{report}"
    form = (await browser.form(address, f"{address}/acts/answer")).filled(public_text=ENOUGH)
    files = {"files": ("den.jpg", photo(0.1), "image/jpeg")}
    cookie = {"cookie": f"{COOKIE}={browser.cookie}"}

    sent = await api.call("", "POST", f"{address}/acts/answer", data=form, files=files, headers=cookie)

    assert sent.status_code == 303, words_of(sent)
    [source] = set(re.findall(r'<img src="([^"]*/files/[^"]+)"', (await browser.get(address)).text))
    shown = await browser.get(source)
    assert shown.headers["content-type"] == "image/jpeg"
    assert "sandbox" in shown.headers["content-security-policy"]
    with Image.open(BytesIO(shown.content)) as picture:
        picture.load()


async def test_who_reported_is_shown_for_a_purpose_and_not_before(api: Api) -> None:
    report = await in_state(api, "in_progress")
    browser, address = await signed_in(api, "hoa"), f"/console/reports/{report}"
    before = await browser.get(address)
    assert "0912 000 001" not in before.text
    form = form_of(before, f"{address}/acts/unmask").filled(purpose="citizen_service")
    assert "Nguyễn Thị Lan" in (await browser.post(f"{address}/acts/unmask", form)).text


@pytest.mark.parametrize("query", ["?state=nonsense", "?category=%00", "?cursor=broken", "?unassigned=perhaps", "?state[]=x"])
async def test_a_strange_view_is_an_empty_page_or_a_kind_word(api: Api, query: str) -> None:
    answer = await (await signed_in(api, "hoa")).get(f"/console/{query}")
    assert answer.status_code in (200, 400, 422)
    assert answer.headers["content-type"].startswith("text/html")


async def test_why_a_notice_did_not_arrive_is_told_and_the_look_is_on_record(api: Api) -> None:
    report = await in_state(api, "answered")
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    await Notices(api.parts.clock).post(Notice(lan, "feedback.answered", {"code": "PA"}, f"/feedback/{report}", new_id()))

    answer = await (await signed_in(api, "hoa")).get(f"/console/reports/{report}/notices")

    assert answer.status_code == 200, words_of(answer)
    assert "feedback.answered" in answer.text
    assert "chưa có điện thoại nào đăng ký" in words_of(answer)
    records = (await api.get("thu", "/v1/staff/audit", params={"object": f"feedback:{report}"})).json()["items"]
    assert "notice.traced" in [record["action"]["code"] for record in records]
    stranger = await (await signed_in(api, "phuc")).get(f"/console/reports/{report}/notices")
    assert stranger.status_code == 404
