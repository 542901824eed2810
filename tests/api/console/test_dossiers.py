"""Dossiers at the console: moved by a step, ended by a result, by plain forms."""

import re

import pytest

from backend.dev.paper import one_page_pdf
from backend.dossiers.errors import FileNotAccepted
from kernel.ids import new_id
from tests.support.api import PDF, Api
from tests.support.console import Browser, signed_in, step_form, words_of
from tests.support.feed import event, new_code
from tests.support.tus import uploaded

REASON = "Thiếu bản sao giấy chứng nhận quyền sử dụng đất"


async def at_the_desk(api: Api, status: str = "processing") -> tuple[Browser, str]:
    """The page of a dossier of lan's, before an official who may deal with it."""
    dossier = await api.told(event(new_code(), status))
    return await signed_in(api, "minh"), f"/console/dossiers/{dossier}"


async def status_of(api: Api, address: str) -> str:
    return str((await api.get("lan", f"/v1/dossiers/{address.rpartition('/')[2]}")).json()["status"]["name"])


@pytest.mark.proves("R-D3")
async def test_a_result_is_published_by_a_plain_form_and_only_once(api: Api) -> None:
    browser, address = await at_the_desk(api)
    form = (await browser.form(address, f"{address}/result")).filled()
    file = {"file": ("ket-qua.pdf", PDF, "application/pdf")}
    for _ in range(2):
        sent = await browser.post(f"{address}/result", form, files=file)
        assert sent.status_code == 303, words_of(sent)
        assert sent.headers["location"] == f"{address}?done=result"
    assert await status_of(api, address) == "finished"
    assert (await api.get("lan", f"/v1/dossiers/{address.rpartition('/')[2]}/result")).content == PDF
    saved = await browser.get(f"{address}/result")
    assert saved.content == PDF
    assert 'filename="ket-qua.pdf"' in saved.headers["content-disposition"]


async def test_what_is_no_paper_is_not_published_and_the_page_says_so(api: Api) -> None:
    browser, address = await at_the_desk(api)
    form = (await browser.form(address, f"{address}/result")).filled()
    sent = await browser.post(f"{address}/result", form, files={"file": ("x.exe", b"MZ\x90", "application/octet-stream")})
    assert sent.status_code == 400
    assert FileNotAccepted.vi in words_of(sent)
    assert await status_of(api, address) == "processing"


@pytest.mark.proves("R-D3")
async def test_a_step_with_its_reason_is_taken_and_the_page_says_where_it_stands(api: Api) -> None:
    browser, address = await at_the_desk(api)
    page = await browser.get(address)
    assert "return_dossier" in page.text or "stop" in page.text, "there is a step that needs a reason"
    name = "stop" if 'value="stop"' in page.text else "return_dossier"
    form = await browser.form_for(address, f"{address}/steps", name)
    assert (await browser.post(f"{address}/steps", form.filled(reason_text=""))).status_code in (400, 422)
    sent = await browser.post(f"{address}/steps", form.filled(reason_text=REASON))
    assert sent.status_code == 303, words_of(sent)
    assert await status_of(api, address) != "processing"
    assert REASON in (await browser.get(address)).text


async def test_a_stale_step_is_not_taken_and_nothing_typed_is_lost(api: Api) -> None:
    browser, address = await at_the_desk(api)
    page = await browser.get(address)
    name = "stop" if 'value="stop"' in page.text else "return_dossier"
    form = await browser.form_for(address, f"{address}/steps", name)
    dossier = address.rpartition("/")[2]
    row = await api.parts.db["dossiers"].find_one_and_update({"_id": dossier}, {"$inc": {"version": 1}})
    assert row
    sent = await browser.post(f"{address}/steps", form.filled(reason_text=REASON))
    assert sent.status_code == 412
    assert REASON in sent.text
    assert "Có người vừa thay đổi hồ sơ này" in words_of(sent)
    again = step_form(sent, f"{address}/steps", name)
    assert (await browser.post(f"{address}/steps", again.filled(reason_text=REASON))).status_code == 303
    assert await status_of(api, address) != "processing"


async def test_papers_are_asked_for_item_by_item_and_what_comes_is_saved(api: Api) -> None:
    browser, address = await at_the_desk(api)
    form = await browser.form_for(address, f"{address}/steps", "request_papers")
    refused = await browser.post(f"{address}/steps", form.filled(reason_text="", items="Sổ hộ khẩu", respond_by="2099-01-05"))
    assert refused.status_code in (400, 422)
    assert {typed in refused.text for typed in ("2099-01-05", "Sổ hộ khẩu")} == {True}, "nothing typed is lost"
    sent = await browser.post(
        f"{address}/steps", form.filled(reason_text=REASON, items="Bản sao căn cước\n\nSơ đồ thửa đất\n", respond_by="2099-01-05")
    )
    assert sent.status_code == 303, words_of(sent)
    page = await browser.get(address)
    assert "Bản sao căn cước" in page.text
    assert "Sơ đồ thửa đất" in page.text
    dossier = address.rpartition("/")[2]
    paper = str((await uploaded(api, "lan", one_page_pdf("Giấy tờ"), "can-cuoc.pdf"))["id"])
    supplied = {"items": [{"number": 1, "uploads": [paper]}]}
    path, key = f"/v1/dossiers/{dossier}/supplements/1", {"idempotency-key": f'"{new_id()}"'}
    assert (await api.call("lan", "POST", path, json=supplied, headers=key)).status_code == 200
    [link] = re.findall(rf'href="({address}/supplied/[^"]+)"', (await browser.get(address)).text)
    saved = await browser.get(link)
    assert saved.content.startswith(b"%PDF")
    assert 'filename="can-cuoc.pdf"' in saved.headers["content-disposition"]


async def test_a_paper_that_nobody_supplied_is_not_there(api: Api) -> None:
    browser, address = await at_the_desk(api)
    assert (await browser.get(f"{address}/supplied/nothing")).status_code == 404
