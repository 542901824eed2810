"""What can be said of a report beside its text and place: the attributes of every service, as GeoReport v2 defines them."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.feedback.routing import COMMUNES
from backend.feedback.wording import Words

COMMUNE, URGENCY = "commune", "urgency"
NORMAL = "normal"


@dataclass(frozen=True)
class Choice:
    """An attribute with a list of values, of which one is chosen; none has to be. `values` by key."""

    code: str
    words: Words
    values: Mapping[str, Words]


ATTRIBUTES: Mapping[str, Choice] = {
    one.code: one
    for one in (
        Choice(
            COMMUNE,
            Words("Xã, phường nơi xảy ra", "Commune or ward where it is", "ឃុំ សង្កាត់ដែលកើតហេតុ"),
            {code: Words(unit.name, unit.name, unit.name) for code, unit in COMMUNES.items()},
        ),
        Choice(
            URGENCY,
            Words("Mức độ khẩn", "How urgent it is", "កម្រិតបន្ទាន់"),
            {NORMAL: Words("Bình thường", "Normal", "ធម្មតា"), "urgent": Words("Khẩn cấp", "Urgent", "បន្ទាន់")},
        ),
    )
}
