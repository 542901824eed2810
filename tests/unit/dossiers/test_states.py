"""The ten national statuses and their moves are those of domain.md B3, word for word."""

import pytest

from backend.dossiers import states
from backend.dossiers.states import DOSSIER, STATUSES, is_regular

# domain.md B3: code -> (Vietnamese label, terminal, what it does to the clock).
NATIONAL = {
    1: ("Mới đăng ký", False, "idle"),
    2: ("Được tiếp nhận", False, "running"),
    3: ("Không được tiếp nhận", True, "stopped"),
    4: ("Đang xử lý", False, "running"),
    5: ("Yêu cầu bổ sung giấy tờ", False, "paused"),
    6: ("Yêu cầu thực hiện nghĩa vụ tài chính", False, "paused"),
    7: ("Công dân yêu cầu rút hồ sơ", False, "paused"),
    8: ("Dừng xử lý", True, "stopped"),
    9: ("Đã xử lý xong", False, "stopped"),
    10: ("Đã trả kết quả", True, "stopped"),
}
# domain.md B3, "Allowed moves (recommended)".
MOVES = {1: {2, 3, 5, 7}, 2: {4, 5, 6, 7, 8, 9}, 4: {5, 6, 7, 8, 9, 4}, 5: {2, 4, 7, 8}, 6: {4, 7, 8, 9}, 7: {8, 4}, 9: {10, 6}}
BY_CODE = {status.code: status.name for status in STATUSES.values()}
# Work that is meant to be told to somebody names its reason.
REASONED = {"refuse", "request_papers", "request_payment", "request_payment_before_return", "refuse_withdrawal", "stop"}


def test_the_ten_statuses_are_the_national_ones() -> None:
    ours = {status.code: (status.vi, status.terminal, status.clock) for status in STATUSES.values()}
    assert ours == NATIONAL


def test_the_moves_are_the_recommended_ones() -> None:
    for before in NATIONAL:
        allowed = {after for after in NATIONAL if is_regular(BY_CODE[before], BY_CODE[after])}
        assert allowed == MOVES.get(before, set()), before


def test_a_dossier_begins_sent_or_accepted() -> None:
    assert {code for code in NATIONAL if is_regular(None, BY_CODE[code])} == {1, 2}


def test_an_end_is_an_end() -> None:
    assert [s.name for s in STATUSES.values() if s.terminal] == [s for s in STATUSES if not DOSSIER.from_state(s)]


def test_what_a_citizen_has_to_understand_needs_a_reason() -> None:
    assert {move.name for move in DOSSIER.moves if move.needs_reason} == REASONED


def test_every_move_has_somebody_who_may_take_it_and_words_for_its_button() -> None:
    staff = {"intake_officer", "handler", "approver"}
    for move in DOSSIER.moves:
        assert move.by == {"citizen"} or (move.by and move.by <= staff), move.name
        assert move.vi
        assert move.en


@pytest.mark.parametrize("status", [s for s in STATUSES if s not in (states.REGISTERED, states.ACCEPTED)])
def test_a_first_entry_in_the_middle_of_things_is_irregular(status: str) -> None:
    assert not is_regular(None, status)
