"""What can go wrong with a report."""

from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unprocessable


class FeedbackNotFound(NotFound):
    """There is no such report that you may see."""

    vi = "Không tìm thấy phản ánh."


class FollowCodeUnknown(NotFound):
    """No report goes by this code and secret."""

    vi = "Không có phản ánh nào ứng với mã và mã bí mật này."


class WrongDoor(Unprocessable):
    """This is not taken here: see `/v1/feedback/doors` for where it is."""

    vi = "Nội dung này không tiếp nhận tại đây: xem /v1/feedback/doors để biết nơi gửi đúng."


class CategoryUnknown(Invalid):
    """There is no such category for reports of this kind."""

    vi = "Không có lĩnh vực này cho loại phản ánh đã chọn."


class CommuneUnknown(Invalid):
    """That is not the code of a commune or ward of the province."""

    vi = "Mã xã, phường không thuộc tỉnh."


class AgencyUnknown(Invalid):
    """There is no such agency, or it has closed and none is in its place."""

    vi = "Không có cơ quan này, hoặc cơ quan đã ngừng hoạt động mà chưa có cơ quan kế thừa."


class ContactMissing(Invalid):
    """A report needs its sender's name and phone, unless it is anonymous to staff. They are kept secret."""

    vi = "Cần họ tên và số điện thoại của người gửi, trừ khi chọn ẩn danh với cán bộ. Thông tin được giữ bí mật."


class PlaceWithoutConsent(Invalid):
    """An exact place is only taken with your consent to it."""

    vi = "Chỉ nhận vị trí chính xác khi bạn đồng ý."


class ObservedInFuture(Invalid):
    """What has not happened yet cannot be reported."""

    vi = "Sự việc chưa xảy ra thì chưa thể phản ánh."


class TooManyFiles(Unprocessable):
    """A report takes at most five files from its citizen, and so does each answer from its office."""

    vi = "Mỗi phản ánh nhận tối đa năm tệp của người gửi; mỗi câu trả lời cũng vậy."


class BoxMalformed(Invalid):
    """`bbox` is west, south, east and north in degrees, with commas between."""

    vi = "bbox gồm kinh độ tây, vĩ độ nam, kinh độ đông, vĩ độ bắc, cách nhau bằng dấu phẩy."


class TooManyFollowers(Unprocessable):
    """So many follow this report that nobody else can: it is known."""

    vi = "Phản ánh này đã có rất nhiều người theo dõi, sự việc đã được biết."


class NotForThePublic(Conflict):
    """A report that was withdrawn, merged or not taken here is not made public."""

    vi = "Phản ánh đã rút, đã gộp hoặc không tiếp nhận thì không công khai."


class FeedbackFileNotFound(NotFound):
    """There is no such file with this report that you may see."""

    vi = "Phản ánh này không có tệp đó."


class WordsMissing(Invalid):
    """This step needs words that its reader understands: at least twenty characters."""

    vi = "Bước này cần nội dung rõ ràng cho người đọc, ít nhất 20 ký tự."


class BlanksLeft(Invalid):
    """The template has blanks that have not been filled in: what stands between {{ and }}."""

    vi = "Mẫu trả lời còn chỗ trống chưa điền: phần nằm giữa {{ và }}."


class EvidenceMissing(Unprocessable):
    """An answer to a report from the field needs a picture, or the reason why there is none."""

    vi = "Trả lời phản ánh hiện trường cần ảnh, tệp minh chứng hoặc lý do không có."


class SecondPairOfEyes(Forbidden):
    """Whoever wrote an answer does not approve it."""

    vi = "Người soạn trả lời không tự duyệt."


class ReopeningTooLate(Conflict):
    """A report can be reopened within seven days of its answer."""

    vi = "Chỉ có thể mở lại trong 7 ngày kể từ khi được trả lời."


class ReopeningsSpent(Conflict):
    """This report has been reopened twice, the second time by decision of the leader: that was the last word."""

    vi = "Phản ánh đã được mở lại hai lần, lần sau do lãnh đạo quyết định: không mở lại nữa."


class NotToBeRated(Conflict):
    """There is nothing to rate yet."""

    vi = "Chưa có kết quả để đánh giá."


class RatedAlready(Conflict):
    """This answer has been rated; a new answer can be rated anew."""

    vi = "Câu trả lời này đã được đánh giá; trả lời mới có thể được đánh giá lại."


class MergeNotPossible(Conflict):
    """A report is merged into another one that is open and has not been merged itself."""

    vi = "Chỉ gộp vào một phản ánh khác đang mở và chưa bị gộp."


class ReporterStaysAnonymous(Forbidden):
    """This reporter wants to be anonymous to staff, and left no name."""

    vi = "Người gửi chọn ẩn danh với cán bộ và không để lại tên."
