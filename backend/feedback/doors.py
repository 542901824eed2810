"""Which door is the right one: told before anything is sent, so that nobody is refused weeks later (domain.md B7, C3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backend.feedback.wording import Words

KINDS = ("field_report", "procedure_complaint", "idea")
DENUNCIATION = "denunciation"


@dataclass(frozen=True)
class Door:
    """Where something is brought: here, or elsewhere. `address` is a page, where there is one."""

    kind: str
    open_here: bool
    words: Words
    explanation: Words
    address: str = ""
    phone: str = ""


DOORS: Mapping[str, Door] = {
    door.kind: door
    for door in (
        Door(
            "field_report",
            True,
            Words("Phản ánh hiện trường", "Report from the field", "របាយការណ៍ពីទីកន្លែង"),
            Words(
                "Sự việc nhìn thấy tại chỗ: đèn đường hỏng, rác, ngập nước. Gửi ngay tại đây.",
                "Something to be seen on the spot: a broken street light, waste, flooding. Send it here.",
                "អ្វីដែលឃើញនៅនឹងកន្លែង៖ ភ្លើងផ្លូវខូច សំរាម ទឹកលិច។ ផ្ញើនៅទីនេះ។",
            ),
        ),
        Door(
            "idea",
            True,
            Words("Góp ý, hiến kế", "Idea", "យោបល់"),
            Words(
                "Ý tưởng để làm tốt hơn. Gửi ngay tại đây.",
                "How something could be done better. Send it here.",
                "គំនិតដើម្បីធ្វើឱ្យប្រសើរឡើង។ ផ្ញើនៅទីនេះ។",
            ),
        ),
        Door(
            "procedure_complaint",
            True,
            Words("Phản ánh về thủ tục, hành vi hành chính", "Complaint about a procedure or an official", "ពាក្យប្តឹងអំពីនីតិវិធីរដ្ឋបាល"),
            Words(
                "Nên gửi tại Cổng Dịch vụ công quốc gia, nơi có thẩm quyền trả lời. Gửi tại đây: trả lời trong 15 ngày làm việc.",
                "Best sent on the National Public Service Portal, whose business it is. Here: an answer within 15 working days.",
                "គួរផ្ញើនៅវិបផតថលសេវាសាធារណៈជាតិ។ បើផ្ញើនៅទីនេះ នឹងមានចម្លើយក្នុង ១៥ ថ្ងៃធ្វើការ។",
            ),
            address="https://dichvucong.gov.vn",
            phone="18001096",
        ),
        Door(
            DENUNCIATION,
            False,
            Words("Khiếu nại, tố cáo", "Legal complaint or denunciation", "បណ្តឹងតវ៉ា ការបរិហារ"),
            Words(
                "Không nhận qua ứng dụng. Gửi đơn hoặc đến Ban Tiếp công dân tỉnh, theo Luật Khiếu nại và Luật Tố cáo.",
                "Not taken by the app. Write to, or go to, the province's office for receiving citizens, as the law wants it.",
                "មិនទទួលតាមកម្មវិធីទេ។ សូមផ្ញើលិខិត ឬទៅការិយាល័យទទួលប្រជាពលរដ្ឋរបស់ខេត្ត។",
            ),
        ),
    )
}

RejectionReason = Literal["not_enough_information", "not_true", "handled_already", "outside_the_province", "abusive"]
REJECTIONS: Mapping[str, Words] = {
    "not_enough_information": Words("Không đủ thông tin để xử lý", "Too little to go by", "ព័ត៌មានមិនគ្រប់គ្រាន់"),
    "not_true": Words("Sự việc không đúng thực tế", "Not found to be so", "មិនត្រឹមត្រូវតាមការពិត"),
    "handled_already": Words("Sự việc đã được giải quyết", "Dealt with already", "បានដោះស្រាយរួចហើយ"),
    "outside_the_province": Words("Ngoài địa bàn tỉnh", "Outside the province", "នៅក្រៅខេត្ត"),
    "abusive": Words("Nội dung không phù hợp", "Not fit to be dealt with", "ខ្លឹមសារមិនសមរម្យ"),
}


@dataclass(frozen=True)
class RatingReason:
    """Why somebody liked an answer or not; some say that the thing itself is not done."""

    words: Words
    liked: bool
    suggests_reopening: bool = False


RATING_REASONS: Mapping[str, RatingReason] = {
    "solved": RatingReason(Words("Đã giải quyết xong", "It is solved", "បានដោះស្រាយ"), liked=True),
    "quick": RatingReason(Words("Xử lý nhanh", "It was quick", "លឿន"), liked=True),
    "clear": RatingReason(Words("Trả lời rõ ràng", "The answer was clear", "ចម្លើយច្បាស់លាស់"), liked=True),
    "not_solved": RatingReason(Words("Chưa giải quyết", "It is not solved", "មិនទាន់ដោះស្រាយ"), liked=False, suggests_reopening=True),
    "not_true": RatingReason(
        Words("Trả lời không đúng thực tế", "The answer is not true", "ចម្លើយមិនពិត"), liked=False, suggests_reopening=True
    ),
    "too_general": RatingReason(Words("Trả lời chung chung", "The answer says nothing", "ចម្លើយទូទៅពេក"), liked=False),
    "too_slow": RatingReason(Words("Xử lý chậm", "It took too long", "យឺតពេក"), liked=False),
    "unfriendly": RatingReason(Words("Thái độ chưa tốt", "It was unfriendly", "អាកប្បកិរិយាមិនល្អ"), liked=False),
}
