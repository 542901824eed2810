"""What can become of what a citizen asks of their data and of an export, and who may make it so.

What being there means:

requested     received; two working days to answer
acknowledged  answered; whether a case is open is being looked at
waiting       will be carried out when its waiting period ends; can still be taken back
deferred      a case of the citizen is open, which the law wants finished first; goes on by itself when it is closed
erasing       begun, and from here there is no way back: a half-erased citizen is worse than an erased one
done, refused, taken_back     ends

A request to rectify, restrict or object is requested, acknowledged and done. A restriction is `in_force` instead, until the citizen
takes it back.
"""

from kernel.machine import Machine, move

REQUESTED, ACKNOWLEDGED, WAITING, DEFERRED, ERASING = "requested", "acknowledged", "waiting", "deferred", "erasing"
DONE, REFUSED, TAKEN_BACK = "done", "refused", "taken_back"

ENDS = frozenset({DONE, REFUSED, TAKEN_BACK})
UNSETTLED = (ACKNOWLEDGED, DEFERRED)
REVERSIBLE = (REQUESTED, ACKNOWLEDGED, WAITING, DEFERRED)

ERASURE = Machine(
    "erasure request",
    [REQUESTED],
    move("acknowledge", [REQUESTED], ACKNOWLEDGED, "Xác nhận đã nhận", "Acknowledge", by="administrator"),
    move("refuse", REVERSIBLE, REFUSED, "Từ chối", "Refuse", by="administrator", needs_reason=True),
    move("take_back", REVERSIBLE, TAKEN_BACK, "Rút yêu cầu", "Take back", by="citizen"),
    move("defer", [ACKNOWLEDGED, WAITING], DEFERRED, "Hoãn vì còn hồ sơ", "Defer for an open case", by="clock"),
    move("start_waiting", [ACKNOWLEDGED, DEFERRED], WAITING, "Bắt đầu thời gian chờ", "Start the waiting period", by="clock"),
    move("begin", [WAITING], ERASING, "Bắt đầu xóa", "Begin", by="clock"),
    move("finish", [ERASING], DONE, "Hoàn tất", "Finish", by="clock"),
)

IN_FORCE = "in_force"
FULFIL, RESTRICT = "fulfil", "restrict"
RECTIFICATION, RESTRICTION, OBJECTION = "rectification", "restriction", "objection"
_OPEN = (REQUESTED, ACKNOWLEDGED)

RIGHT = Machine(
    "request about personal data",
    [REQUESTED],
    move("acknowledge", [REQUESTED], ACKNOWLEDGED, "Xác nhận đã nhận", "Acknowledge", by="administrator"),
    move("refuse", _OPEN, REFUSED, "Từ chối", "Refuse", by="administrator", needs_reason=True),
    move(FULFIL, [ACKNOWLEDGED], DONE, "Đã thực hiện", "Carry out", by="administrator", needs_reason=True),
    move(RESTRICT, [ACKNOWLEDGED], IN_FORCE, "Hạn chế xử lý", "Restrict", by="administrator", needs_reason=True),
    move("take_back", [*_OPEN, IN_FORCE], TAKEN_BACK, "Rút yêu cầu", "Take back", by="citizen"),
)


def may_extend(machine: Machine, state: str) -> bool:
    """Is something still owed that more time could be taken for: can it still be refused?"""
    return any(move.name == "refuse" for move in machine.from_state(state))


def carried_out_by(kind: str) -> str:
    """The move that does what a request of this kind asks for."""
    return RESTRICT if kind == RESTRICTION else FULFIL


RIGHT_LABELS = {
    REQUESTED: ("Đã tiếp nhận yêu cầu", "Received"),
    ACKNOWLEDGED: ("Đang giải quyết", "Being dealt with"),
    IN_FORCE: ("Đang hạn chế xử lý", "Restricted"),
    DONE: ("Đã thực hiện", "Done"),
    REFUSED: ("Từ chối", "Refused"),
    TAKEN_BACK: ("Đã rút yêu cầu", "Taken back"),
}

LABELS = {
    REQUESTED: ("Đã tiếp nhận yêu cầu", "Received"),
    ACKNOWLEDGED: ("Đã xác nhận", "Acknowledged"),
    WAITING: ("Đang chờ thực hiện, có thể rút lại", "Waiting, can be taken back"),
    DEFERRED: ("Tạm hoãn vì còn hồ sơ đang giải quyết", "Deferred while a case is open"),
    ERASING: ("Đang xóa", "Being erased"),
    DONE: ("Đã xóa", "Erased"),
    REFUSED: ("Từ chối", "Refused"),
    TAKEN_BACK: ("Đã rút yêu cầu", "Taken back"),
}

QUEUED, BUILDING, READY, TAKEN, EXPIRED, FAILED = "queued", "building", "ready", "taken", "expired", "failed"

EXPORT = Machine(
    "export",
    [QUEUED],
    # A worker that died leaves an export in the making: another one builds it anew.
    move("build", [QUEUED, BUILDING], BUILDING, "Chuẩn bị", "Build", by="worker"),
    move("offer", [BUILDING], READY, "Sẵn sàng tải", "Offer", by="worker"),
    move("fail", [BUILDING], FAILED, "Không thành công", "Fail", by="worker"),
    move("take", [READY], TAKEN, "Tải về", "Take", by="citizen"),
    move("expire", [READY], EXPIRED, "Hết hạn", "Expire", by="clock"),
)
