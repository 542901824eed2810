"""A citizen with much going on: fifty dossiers, as a phone first sees them."""

from backend.feedback.routing import COMMUNES
from tests.support.api import Api
from tests.support.feed import ago, event, new_code

DOSSIERS = 50
# Titles as long as the national list has them, and never the same twice: each ends with a commune.
PROCEDURES = (
    "Đăng ký khai sinh", "Cấp bản sao trích lục hộ tịch", "Đăng ký đất đai, tài sản gắn liền với đất lần đầu đối với cá nhân",
    "Cấp giấy phép xây dựng nhà ở riêng lẻ", "Đăng ký thành lập hộ kinh doanh", "Đăng ký thường trú",
    "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội", "Cấp đổi giấy phép lái xe do ngành giao thông vận tải cấp",
    "Xác nhận tình trạng hôn nhân", "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan có thẩm quyền cấp",
)  # fmt: skip
STEPS = ("accepted", "processing", "finished")


async def fifty_dossiers(api: Api) -> None:
    """Of one citizen, one to three steps each."""
    events, communes = [], list(COMMUNES.values())
    for n in range(DOSSIERS):
        code = new_code()
        for step, status in enumerate(STEPS[: n % len(STEPS) + 1]):
            name = f"{PROCEDURES[n % len(PROCEDURES)]} tại {communes[n].name}"
            events.append(event(code, status, ago(days=n % 20 + 1, hours=-step), procedureName=name))
    await api.tell(*events)
