"""`If-Match`: lists, stars, weak tags, suffixes; and the write that was faster."""

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, text

from kernel.errors import PreconditionFailed, PreconditionRequired, StaleVersion
from kernel.http.preconditions import IfMatchMalformed, etag_of, if_match, must_match, parse, version_of
from kernel.mongo.client import Database
from tests.support.lamps import Lamp

pytestmark = pytest.mark.proves("R-A3", "SEC-54")


@given(integers(0, 10**12), lists(text("abcdefgz0123456789", min_size=1, max_size=8), max_size=3))
def test_a_version_is_found_again_whatever_the_variant(version: int, variant: list[str]) -> None:
    assert version_of(etag_of(version, *variant)) == version


@pytest.mark.parametrize("foreign", ['W/"7"', '"x7"', '""', '"-en"', "7", '"7', '"7" ', '"9999999999999999999"', '"-1"', '"٣"'])
def test_a_weak_tag_and_a_stranger_name_no_version(foreign: str) -> None:
    assert version_of(foreign) is None


@pytest.mark.parametrize("header", ['"7"', '"7-vi-br"', '"6", "7"', ' , "1",,"7-x" ,', "*", " * ", None])
def test_it_holds_for_the_version_it_names_and_for_any(header: str | None) -> None:
    with parse(header).on(7):
        pass


@pytest.mark.parametrize("header", ['"6"', '"6", "8"', 'W/"7"', '"70"', '"x"'])
def test_it_fails_for_every_other_and_says_which_there_is(header: str) -> None:
    with pytest.raises(PreconditionFailed) as refused, parse(header).on(7):
        pytest.fail("nothing may be done")
    assert refused.value.params["headers"] == {"etag": '"7"'}


@pytest.mark.parametrize("header", ["", "7", '"7', '"7" "8"', '"7", x', '*, "7"', 'w/"7"', ",", '"a b"'])
def test_what_is_no_list_of_tags_is_refused(header: str) -> None:
    with pytest.raises(IfMatchMalformed):
        parse(header)


async def test_without_the_header_one_is_free_and_the_other_is_told_to_say_it() -> None:
    with (await if_match(None)).on(7):
        pass
    with pytest.raises(PreconditionRequired):
        await must_match(None)
    with (await must_match("*")).on(7):
        pass


async def test_whoever_was_slower_is_told_the_version_that_won(lamps: Database) -> None:
    lamp = await Lamp(room="hall").commit()
    mine, theirs = await Lamp.get(lamp.id), await Lamp.get(lamp.id)
    assert mine
    assert theirs
    await theirs.switch(on=True)
    with pytest.raises(PreconditionFailed) as refused, parse('"1"').on(mine.version):
        await mine.switch(on=True)
    assert refused.value.params["headers"] == {"etag": '"2"'}
    with pytest.raises(StaleVersion), parse(None).on(mine.version):
        await mine.switch(on=True)
