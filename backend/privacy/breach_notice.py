"""The draft of a breach notice: what the authority (A05, Ministry of Public Security) and the citizens have to be told (SEC-78)."""

from datetime import datetime

import msgspec

from kernel.clock import VIETNAM

UNKNOWN = "chưa xác định, sẽ bổ sung"


class BreachFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known so far. What is not known yet is said to be so; the clock does not wait for it."""

    id: str
    detected_at: datetime
    notify_by: datetime
    what: str
    happened: str = ""
    categories: tuple[str, ...] = ()
    people: int | None = None
    consequence: str = ""
    measures: str = ""
    contact: str = ""


def draft(facts: BreachFacts, now: datetime) -> str:
    """The notice as text, in Vietnamese."""
    late = "" if now <= facts.notify_by else "\nThông báo này chậm hơn 72 giờ. Lý do chậm: " + UNKNOWN + "."
    people = UNKNOWN if facts.people is None else f"{facts.people:,}".replace(",", ".") + " người"
    rows = [
        ("1. Sự việc", facts.what),
        ("2. Thời điểm xảy ra", facts.happened),
        ("3. Thời điểm phát hiện", moment(facts.detected_at)),
        ("4. Loại dữ liệu cá nhân", ", ".join(facts.categories)),
        ("5. Số người bị ảnh hưởng", people),
        ("6. Hậu quả", facts.consequence),
        ("7. Biện pháp đã và sẽ thực hiện", facts.measures),
        ("8. Đầu mối liên hệ", facts.contact),
    ]
    lines = [f"{name}: {said or UNKNOWN}" for name, said in rows]
    head = f"THÔNG BÁO VI PHẠM QUY ĐỊNH BẢO VỆ DỮ LIỆU CÁ NHÂN\nSố sổ: {facts.id}\nHạn thông báo: {moment(facts.notify_by)}"
    return "\n".join([head, "", *lines]) + late + "\n"


def moment(at: datetime) -> str:
    """An instant as people in Vietnam write it."""
    return at.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")
