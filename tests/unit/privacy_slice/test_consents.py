"""Consent is asked for where the law wants it, given to a text, and as easily withdrawn."""

import asyncio
from typing import get_args

import msgspec
import pytest

from backend.privacy.actions.decide_consent import decide_consent
from backend.privacy.errors import ConsentNotAsked, ConsentTextChanged, ConsentTextMissing, PurposeNotFound
from backend.privacy.personal_data import PERSONAL_DATA
from backend.privacy.purposes import PURPOSES, RESTS_ON, SAID, Wording
from backend.privacy.queries import decisions, has_consented
from kernel.audit import Purpose as LookedFor
from tests.unit.privacy_slice.keeper import Keeper

pytestmark = pytest.mark.proves("SEC-76")

PUSH = PURPOSES["foreign_push"]


async def decide(keeper: Keeper, granted: bool, *, key: str = "foreign_push", shown: str = "") -> None:
    """A decision on the present text, unless another one was `shown`."""
    shown = shown or (PURPOSES[key].text_version if key in PURPOSES else "")
    await decide_consent(keeper.citizen(), key, granted=granted, shown_version=shown, now=keeper.clock.now(), audit=keeper.audit)


async def test_nobody_has_consented_who_was_not_asked(keeper: Keeper) -> None:
    assert not await has_consented(keeper.subject, "foreign_push")
    assert await has_consented(keeper.subject, "dossier_handling"), "a duty of the state waits for nobody's yes"


async def test_the_last_word_counts_and_every_word_is_kept(keeper: Keeper) -> None:
    for granted in (True, True, False, True, False, False):
        await decide(keeper, granted)
    assert not await has_consented(keeper.subject, "foreign_push")
    rows = await keeper.db["consents"].find({}).sort("number", 1).to_list()
    assert [row["granted"] for row in rows] == [True, False, True, False], "the same decision again adds nothing"
    assert {(row["subject"], row["text_version"], row["channel"]) for row in rows} == {(keeper.subject, PUSH.text_version, "app")}
    assert keeper.audit.actions().count("consent.withdrawn") == 3


async def test_decisions_at_the_same_moment_are_all_kept_in_one_order(keeper: Keeper) -> None:
    await asyncio.gather(*(decide(keeper, granted) for granted in (True, False, True, False)))
    rows = await keeper.db["consents"].find({}).sort("number", 1).to_list()
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert await has_consented(keeper.subject, "foreign_push") == rows[-1]["granted"]


async def test_consent_to_one_purpose_is_none_to_another(keeper: Keeper) -> None:
    await decide(keeper, True)
    assert await has_consented(keeper.subject, "foreign_push")
    assert not await has_consented(keeper.subject, "precise_place")
    rows, _ = await decisions(keeper.subject)
    assert [row["purpose"] for row in rows] == ["foreign_push"]


async def test_a_yes_to_another_text_is_none_and_a_no_always_counts(keeper: Keeper) -> None:
    with pytest.raises(ConsentTextChanged):
        await decide(keeper, True, shown="0" * 16)
    await decide(keeper, True, shown=PUSH.text_version)
    await decide(keeper, False, shown="0" * 16)
    assert not await has_consented(keeper.subject, "foreign_push")


async def test_a_changed_text_asks_anew(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    await decide(keeper, True)
    changed = msgspec.structs.replace(PUSH, vi=Wording(PUSH.vi.title, PUSH.vi.text + " Và một câu nữa."))
    monkeypatch.setitem(PURPOSES, "foreign_push", changed)
    assert not await has_consented(keeper.subject, "foreign_push")


async def test_where_the_law_is_the_basis_there_is_nothing_to_decide(keeper: Keeper) -> None:
    with pytest.raises(ConsentNotAsked):
        await decide(keeper, False, key="statistics")
    with pytest.raises(PurposeNotFound):
        await decide(keeper, True, key="advertising")


async def test_a_yes_to_no_text_is_none_and_a_no_needs_none(keeper: Keeper) -> None:
    now, who = keeper.clock.now(), keeper.citizen()
    with pytest.raises(ConsentTextMissing):
        await decide_consent(who, "foreign_push", granted=True, shown_version=None, now=now, audit=keeper.audit)
    assert await keeper.db["consents"].count_documents({}) == 0
    await decide_consent(who, "foreign_push", granted=False, shown_version=None, now=now, audit=keeper.audit)
    assert await keeper.db["consents"].count_documents({}) == 1


def test_every_text_that_is_asked_with_is_kept_for_good() -> None:
    asked = {purpose.text_version: purpose for purpose in PURPOSES.values() if purpose.basis == "consent"}
    assert {version: SAID.get(version) for version in asked} == asked, "add the new text to data/purposes_said.json"
    assert [purpose.key for version, purpose in SAID.items() if version not in asked] == ["tell_me_who_looked"], "an earlier one"


async def test_a_copy_tells_the_text_somebody_agreed_to_even_when_it_has_changed(keeper: Keeper) -> None:
    [earlier] = [version for version, purpose in SAID.items() if purpose != PURPOSES[purpose.key]]
    await decide(keeper, True, key="tell_me_who_looked")
    await keeper.db["consents"].update_one({}, {"$set": {"text_version": earlier}})
    [consents] = [part.export for part in PERSONAL_DATA if part.name == "consents"]
    [row] = await consents(keeper.subject)
    assert row["text"] == SAID[earlier].vi.text != PURPOSES["tell_me_who_looked"].vi.text


def test_every_look_of_an_official_rests_on_a_purpose_that_needs_no_consent() -> None:
    assert sorted(RESTS_ON) == sorted(get_args(LookedFor))
    assert {PURPOSES[key].basis for key in RESTS_ON.values()} == {"state_duty"}
    # Whoever gives a purpose that the citizen has words for is told of by those words, and by no others.
    assert {name: key for name, key in RESTS_ON.items() if name in PURPOSES and key != name} == {}


@pytest.mark.parametrize("part", ["key", "article", "vi.title", "vi.text", "en.title", "en.text"])
def test_a_change_of_a_word_in_any_language_is_another_text(part: str) -> None:
    where, _, inner = part.partition(".")
    before = getattr(PUSH, where)
    after = msgspec.structs.replace(before, **{inner: getattr(before, inner) + "."}) if inner else before + "."
    changed = msgspec.structs.replace(PUSH, **{where: after})
    assert changed.text_version != PUSH.text_version


def test_every_purpose_is_explained_in_both_languages_and_says_on_which_article_it_rests() -> None:
    for purpose in PURPOSES.values():
        assert all((purpose.article, purpose.vi.title, purpose.vi.text, purpose.en.title, purpose.en.text))
    assert {key for key, purpose in PURPOSES.items() if purpose.basis == "consent"} == {
        "foreign_push",
        "precise_place",
        "tell_me_who_looked",
        "told_by_email",
        "told_by_sms",
        "told_by_zalo",
    }
