"""Templates spare an officer typing, and never go out unfinished."""

import msgspec
import pytest

from backend.feedback.templates import Template
from tests.support.api import Api, assert_problem
from tests.support.reports import NO_PICTURE, in_state, staff


async def test_those_made_for_the_category_come_first_and_those_of_others_not_at_all(api: Api) -> None:
    items = (await api.get("hoa", "/v1/staff/feedback/templates", params={"category": "power_lighting"})).json()["items"]
    codes = [item["code"] for item in items]
    assert codes[:2] == ["light_mended", "power_by_utility"]
    assert "ask_where" in codes
    assert "waste_collected" not in codes
    assert items[0]["blanks"] == ["đơn vị", "số lượng", "vị trí", "thời gian"]


async def test_an_answer_with_a_blank_does_not_go_out_and_says_which(api: Api) -> None:
    report = await in_state(api, "in_progress")
    [first, *_] = (await api.get("hoa", "/v1/staff/feedback/templates", params={"category": "power_lighting"})).json()["items"]
    half = first["text"].replace("{{đơn vị}}", "Điện lực An Xuyên").replace("{{thời gian}}", "tối 25/6")
    refused = await staff(api, "hoa", report, "answer", publicText=half, whyNoPicture=NO_PICTURE)
    assert [one["detail"] for one in assert_problem(refused, 400, "blanks_left")["errors"]] == ["số lượng", "vị trí"]
    whole = half.replace("{{số lượng}}", "hai").replace("{{vị trí}}", "nhà văn hóa")
    assert (await staff(api, "hoa", report, "answer", publicText=whole, whyNoPicture=NO_PICTURE)).status_code == 200


@pytest.mark.parametrize(
    "broken", [{"move": "classify"}, {"move": "no_such_step"}, {"categories": ["horoscopes"]}, {"text": "Không có chỗ trống"}]
)
def test_a_template_that_fits_nowhere_stops_the_program(broken: dict[str, object]) -> None:
    row = {"code": "x", "move": "answer", "vi": "x", "en": "x", "text": "Đã {{việc}} xong", "categories": [], **broken}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(row, Template)
