"""How long something takes or is still to come, in words people use, in our three languages."""

from datetime import timedelta

from kernel.deadline import Term, Unit

_UNITS: dict[str, dict[Unit, str]] = {
    "vi": {
        "working_days": "ngày làm việc",
        "calendar_days": "ngày",
        "working_hours": "giờ làm việc",
        "hours": "giờ",
        "months": "tháng",
    },
    "en": {
        "working_days": "working days",
        "calendar_days": "days",
        "working_hours": "working hours",
        "hours": "hours",
        "months": "months",
    },
    "km": {
        "working_days": "ថ្ងៃធ្វើការ",
        "calendar_days": "ថ្ងៃ",
        "working_hours": "ម៉ោងធ្វើការ",
        "hours": "ម៉ោង",
        "months": "ខែ",
    },
}
_LEFT = {"vi": ("còn", "hết thời hạn"), "en": ("left:", "no time left"), "km": ("នៅសល់", "អស់ពេលកំណត់")}
WORKING_UNITS: frozenset[Unit] = frozenset({"working_days", "working_hours"})


def term(said: Term, language: str) -> str:
    """`5 ngày làm việc`."""
    word = _UNITS[language][said.unit]
    return f"{said.amount} {word.removesuffix('s') if language == 'en' and said.amount == 1 else word}"


def left(span: timedelta, unit: Unit, language: str, *, day: timedelta) -> str:
    """`còn 3 ngày làm việc 2 giờ`; `day` is what a working day amounts to. Minutes are not promised to anybody."""
    begins, over = _LEFT[language]
    working = unit in WORKING_UNITS
    days, rest = divmod(span, day if working else timedelta(days=1))
    hours = rest // timedelta(hours=1)
    parts = [term(Term(days, "working_days" if working else "calendar_days"), language)] if days else []
    parts += [term(Term(hours, "hours"), language)] if hours else []
    if not parts:
        return over if not span else f"{begins} < {term(Term(1, 'hours'), language)}"
    return f"{begins} {' '.join(parts)}"


def duration(span: timedelta) -> str:
    """ISO 8601 in hours, minutes and seconds: a working day has no agreed length in ISO's days."""
    seconds = round(span.total_seconds())
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    text = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds % 60, "S")) if n)
    return f"PT{text or '0S'}"
