"""What can become of a report, who may make it so, and what each state does to the promises made: one table, checked when imported.

What being there means:

received, classified     nobody is at work yet; the promise to pass it on runs
assigned, in_progress    an agency has it; the promise to answer runs
awaiting_reporter        the citizen was asked something; the promise pauses, at most for `times_out`
forwarded_external       somebody outside does the work; the promise stays ours, and runs
submitted_for_approval   the answer is written and waits for a second pair of eyes; to the citizen it is still in progress
answered                 the citizen may rate it and, for seven days, say that it is not true
reopen_requested         said so for the second time: the leader decides
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from backend.feedback.wording import Words
from kernel.machine import REASON, Machine, Move, move

# Old reports keep the number of the table they were moved by.
DEFINITION = 1

RECEIVED, CLASSIFIED, ASSIGNED, IN_PROGRESS = "received", "classified", "assigned", "in_progress"
AWAITING_REPORTER, FORWARDED, SUBMITTED = "awaiting_reporter", "forwarded_external", "submitted_for_approval"
ANSWERED, CLOSED, REOPEN_REQUESTED, REOPENED = "answered", "closed", "reopen_requested", "reopened"
REJECTED, REDIRECTED, MERGED, WITHDRAWN = "rejected", "redirected", "merged", "withdrawn"

# Over without having been dealt with here: nobody's news.
NEVER_PUBLIC = frozenset({WITHDRAWN, MERGED, REJECTED, REDIRECTED})

ClockEffect = Literal["idle", "running", "paused", "stopped"]
DISPATCH, ANSWER = "dispatch", "answer"


@dataclass(frozen=True)
class TimeOut:
    """After so long in a state the clock takes this move."""

    after: timedelta
    move: str


@dataclass(frozen=True)
class State:
    """One state: what it is called, what the citizen sees of it, what it does to which promise.

    `public` is the state a citizen reads (some are the office's own business); `promise` is the one that runs or pauses here;
    `may_rate` says whether the citizen may tell how it was.
    """

    name: str
    words: Words
    public: str
    clock: ClockEffect
    promise: str | None = None
    terminal: bool = False
    may_rate: bool = False
    times_out: TimeOut | None = None

    @property
    def is_open(self) -> bool:
        """Is there still something to do? What Open311 calls open."""
        return self.clock != "stopped"


# domain.md B7: the citizen may reopen within seven days. A question waits as long.
REOPEN_WITHIN = timedelta(days=7)
REPLY_WITHIN = timedelta(days=7)

STATES: Mapping[str, State] = {
    state.name: state
    for state in (
        State(RECEIVED, Words("Đã tiếp nhận", "Received", "បានទទួល"), RECEIVED, "running", DISPATCH),
        State(CLASSIFIED, Words("Đã phân loại", "Classified", "បានចាត់ថ្នាក់"), RECEIVED, "running", DISPATCH),
        State(ASSIGNED, Words("Đã phân công", "Assigned", "បានចាត់តាំង"), ASSIGNED, "running", ANSWER),
        State(IN_PROGRESS, Words("Đang xử lý", "In progress", "កំពុងដោះស្រាយ"), IN_PROGRESS, "running", ANSWER),
        State(
            AWAITING_REPORTER,
            Words("Chờ bạn bổ sung", "Waiting for you", "រង់ចាំអ្នកបំពេញបន្ថែម"),
            AWAITING_REPORTER,
            "paused",
            ANSWER,
            times_out=TimeOut(REPLY_WITHIN, "go_on_without_reply"),
        ),
        # Who does the work changes nothing about who promised it: the clock runs on.
        State(FORWARDED, Words("Đã chuyển đơn vị ngoài", "With a partner", "បានបញ្ជូនទៅដៃគូ"), FORWARDED, "running", ANSWER),
        State(SUBMITTED, Words("Chờ duyệt trả lời", "Answer to be approved", "រង់ចាំអនុម័តចម្លើយ"), IN_PROGRESS, "running", ANSWER),
        State(
            ANSWERED,
            Words("Đã trả lời", "Answered", "បានឆ្លើយតប"),
            ANSWERED,
            "stopped",
            may_rate=True,
            times_out=TimeOut(REOPEN_WITHIN, "close"),
        ),
        State(CLOSED, Words("Đã đóng", "Closed", "បានបិទ"), CLOSED, "stopped", terminal=True, may_rate=True),
        State(
            REOPEN_REQUESTED,
            Words("Lãnh đạo đang xem xét mở lại", "The leader looks at it again", "ថ្នាក់ដឹកនាំកំពុងពិនិត្យឡើងវិញ"),
            REOPEN_REQUESTED,
            "running",
            DISPATCH,
        ),
        State(REOPENED, Words("Đã mở lại", "Reopened", "បានបើកឡើងវិញ"), REOPENED, "running", ANSWER),
        State(REJECTED, Words("Không tiếp nhận", "Not accepted", "មិនទទួល"), REJECTED, "stopped", terminal=True, may_rate=True),
        State(
            REDIRECTED,
            Words("Đã hướng dẫn gửi nơi khác", "Shown the right door", "បានណែនាំទៅកន្លែងផ្សេង"),
            REDIRECTED,
            "stopped",
            terminal=True,
            may_rate=True,
        ),
        State(MERGED, Words("Đã gộp", "Merged", "បានបញ្ចូលគ្នា"), MERGED, "stopped", terminal=True),
        State(WITHDRAWN, Words("Đã rút", "Withdrawn", "បានដកវិញ"), WITHDRAWN, "stopped", terminal=True),
    )
}

# What a step needs beside its name (`reason` is the kernel's): words for the citizen, a picture or why there is none, who gets it.
PUBLIC_TEXT, EVIDENCE, ASSIGNEE, OTHER_REPORT = "public_text", "evidence", "assignee", "other_report"
# How much a step matters to its citizen. Nobody is told of what is the office's own business; the timeline shows the rest.
INFO, ACTION_REQUIRED, RESULT = "info", "action_required", "result"

# Where there is no dispatcher the leader stands in, so that nothing lies about.
_DESK = ("dispatcher", "approver")
_WORK = ("handler", "approver")
_OPEN = tuple(name for name, state in STATES.items() if state.is_open)

FEEDBACK = Machine(
    "feedback",
    [RECEIVED],
    move("classify", [RECEIVED, CLASSIFIED], CLASSIFIED, "Phân loại", "Classify", "ចាត់ថ្នាក់", by=_DESK),
    move(
        "assign",
        [CLASSIFIED, ASSIGNED, IN_PROGRESS, REOPENED],
        ASSIGNED,
        "Phân công",
        "Assign",
        "ចាត់តាំង",
        by=_DESK,
        requires=[ASSIGNEE],
        tells=INFO,
    ),
    move("start", [ASSIGNED, REOPENED], IN_PROGRESS, "Bắt đầu xử lý", "Start", "ចាប់ផ្តើម", by=_WORK),
    move(
        "ask_reporter",
        [IN_PROGRESS],
        AWAITING_REPORTER,
        "Hỏi người gửi",
        "Ask the reporter",
        "សួរអ្នករាយការណ៍",
        by=_WORK,
        requires=[PUBLIC_TEXT],
        tells=ACTION_REQUIRED,
    ),
    move("reply", [AWAITING_REPORTER], IN_PROGRESS, "Trả lời câu hỏi", "Reply", "ឆ្លើយសំណួរ", by="citizen"),
    # The office answers with what it knows: a citizen's silence closes nothing.
    move(
        "go_on_without_reply",
        [AWAITING_REPORTER],
        IN_PROGRESS,
        "Xử lý tiếp khi chưa có bổ sung",
        "Go on without a reply",
        "បន្តដោយគ្មានចម្លើយ",
        by="clock",
    ),
    move(
        "forward",
        [IN_PROGRESS],
        FORWARDED,
        "Chuyển đơn vị ngoài",
        "Forward outside",
        "បញ្ជូនទៅក្រៅ",
        by=_WORK,
        requires=[PUBLIC_TEXT],
    ),
    move("take_back", [FORWARDED], IN_PROGRESS, "Nhận lại", "Take back", "យកមកវិញ", by=_WORK),
    move(
        "submit_answer",
        [IN_PROGRESS, FORWARDED, REOPENED],
        SUBMITTED,
        "Trình duyệt trả lời",
        "Submit the answer",
        "ដាក់ស្នើចម្លើយ",
        by=_WORK,
        requires=[PUBLIC_TEXT, EVIDENCE],
    ),
    move("approve_answer", [SUBMITTED], ANSWERED, "Duyệt trả lời", "Approve the answer", "អនុម័តចម្លើយ", by="approver", tells=RESULT),
    move("send_back", [SUBMITTED], IN_PROGRESS, "Trả lại để sửa", "Send back", "ប្រគល់ឱ្យកែ", by="approver", needs_reason=True),
    move(
        "answer",
        [IN_PROGRESS, FORWARDED, REOPENED],
        ANSWERED,
        "Trả lời",
        "Answer",
        "ឆ្លើយតប",
        by=_WORK,
        requires=[PUBLIC_TEXT, EVIDENCE],
        tells=RESULT,
    ),
    move(
        "reject",
        [RECEIVED, CLASSIFIED],
        REJECTED,
        "Không tiếp nhận",
        "Do not accept",
        "មិនទទួល",
        by=_DESK,
        requires=[REASON, PUBLIC_TEXT],
        tells=RESULT,
    ),
    # Handing on is no refusal: the citizen is told which door, and what happens there (domain.md C3).
    move(
        "redirect",
        [RECEIVED, CLASSIFIED, ASSIGNED],
        REDIRECTED,
        "Hướng dẫn gửi nơi khác",
        "Show the right door",
        "ណែនាំទៅកន្លែងផ្សេង",
        by=_DESK,
        requires=[REASON, PUBLIC_TEXT],
        tells=RESULT,
    ),
    move(
        "merge",
        _OPEN,
        MERGED,
        "Gộp vào phản ánh khác",
        "Merge",
        "បញ្ចូល",
        by=(*_DESK, "handler"),
        requires=[OTHER_REPORT],
        tells=INFO,
    ),
    move("withdraw", [RECEIVED, CLASSIFIED, ASSIGNED], WITHDRAWN, "Rút phản ánh", "Withdraw", "ដកវិញ", by="citizen"),
    # The first time it is the citizen's right, and nobody has to agree.
    move("reopen", [ANSWERED], REOPENED, "Mở lại", "Reopen", "បើកឡើងវិញ", by="citizen", needs_reason=True, tells=INFO),
    # The second time the same office would answer the same: the leader decides.
    move(
        "ask_to_reopen",
        [ANSWERED],
        REOPEN_REQUESTED,
        "Đề nghị lãnh đạo mở lại",
        "Ask the leader to reopen",
        "ស្នើថ្នាក់ដឹកនាំបើកឡើងវិញ",
        by="citizen",
        needs_reason=True,
        tells=INFO,
    ),
    move("grant_reopening", [REOPEN_REQUESTED], REOPENED, "Đồng ý mở lại", "Grant", "យល់ព្រមបើកឡើងវិញ", by="approver", tells=INFO),
    move(
        "decline_reopening",
        [REOPEN_REQUESTED],
        CLOSED,
        "Không mở lại",
        "Decline",
        "មិនបើកឡើងវិញ",
        by="approver",
        requires=[PUBLIC_TEXT],
        tells=RESULT,
    ),
    move("close", [ANSWERED], CLOSED, "Đóng", "Close", "បិទ", by="clock"),
    ends=[name for name, state in STATES.items() if state.terminal],
)


def check(states: Mapping[str, State], machine: Machine) -> None:
    """The table hangs together.

    Raises:
        ValueError: a state without a row, a pause without a time-out, a clock without its promise, a button without its Khmer.
    """
    used = {s for m in machine.moves for s in (*m.sources, m.target)}
    wrong = [f"{name}: in one table only" for name in used ^ set(states)]
    for state in states.values():
        wrong += [f"{state.name}: no such public state" for _ in [0] if state.public not in states]
        wrong += [f"{state.name}: pauses for ever" for _ in [0] if state.clock == "paused" and not state.times_out]
        wrong += [f"{state.name}: which promise?" for _ in [0] if (state.clock in ("running", "paused")) != bool(state.promise)]
        if state.times_out and not any(m.name == state.times_out.move and "clock" in m.by for m in machine.from_state(state.name)):
            wrong.append(f"{state.name}: times out into nothing")
    wrong += [f"{m.name}: not said in every language" for m in machine.moves if not (m.vi and m.en and m.km)]
    if wrong:
        raise ValueError("; ".join(sorted(wrong)))


check(STATES, FEEDBACK)


def words_of(step: Move, language: str) -> str:
    """What its button says."""
    return {"en": step.en, "km": step.km}.get(language, step.vi)
