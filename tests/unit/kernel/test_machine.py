"""The table of moves refuses to be built wrong, and says what it allows."""

import pytest

from kernel.machine import Machine, MoveNotAllowed, move


def a_move(name: str, sources: list[str], target: str) -> object:
    return move(name, sources, target, "vi", "en", by="desk")


def test_a_state_no_move_reaches_is_refused() -> None:
    with pytest.raises(ValueError, match="no way leads to"):
        Machine("loan", ["lent"], a_move("give_back", ["lent"], "back"), a_move("find", ["lost"], "back"))


def test_a_state_reached_only_from_an_unreachable_one_is_refused() -> None:
    with pytest.raises(ValueError, match="no way leads to"):
        Machine("loan", ["lent"], a_move("a", ["b"], "c"), a_move("b", ["c"], "b"))


def test_the_same_move_twice_from_one_state_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Machine("loan", ["lent"], a_move("give_back", ["lent"], "back"), a_move("give_back", ["lent"], "lost"))


def test_a_move_is_found_by_name_and_state_or_not_at_all() -> None:
    loan = Machine("loan", ["lent"], a_move("give_back", ["lent"], "back"))
    assert loan.find("give_back", "lent").target == "back"
    assert loan.has_edge("lent", "back")
    assert not loan.has_edge("back", "lent")
    for name, state in (("give_back", "back"), ("burn", "lent")):
        with pytest.raises(MoveNotAllowed):
            loan.find(name, state)


def test_the_diagram_shows_every_row_and_the_beginning() -> None:
    loan = Machine("loan", ["lent"], a_move("give_back", ["lent"], "back"))
    assert loan.diagram().splitlines() == ["stateDiagram-v2", "    [*] --> lent", "    lent --> back: give_back"]


def test_where_the_ends_are_named_a_dead_end_is_refused() -> None:
    lend, lose = a_move("give_back", ["lent"], "back"), a_move("lose", ["lent"], "lost")
    Machine("loan", ["lent"], lend, lose, ends=["back", "lost"])
    with pytest.raises(ValueError, match=r"out of \['lost'\]"):
        Machine("loan", ["lent"], lend, lose, ends=["back"])
    with pytest.raises(ValueError, match="are ends"):
        Machine("loan", ["lent"], lend, a_move("lend", ["back"], "lent"), ends=["back"])


def test_two_states_that_only_lead_to_each_other_are_a_dead_end() -> None:
    round_and_round = [a_move("a", ["x"], "y"), a_move("b", ["y"], "x"), a_move("c", ["begin"], "x"), a_move("d", ["begin"], "end")]
    with pytest.raises(ValueError, match="no way leads out"):
        Machine("m", ["begin"], *round_and_round, ends=["end"])


def test_a_reason_is_one_of_the_things_a_step_may_need() -> None:
    step = move("refuse", ["a"], "b", "vi", "en", by="desk", needs_reason=True, requires=["picture"])
    assert (step.needs_reason, step.requires) == (True, {"reason", "picture"})
    assert not move("take", ["a"], "b", "vi", "en", by="desk").needs_reason
