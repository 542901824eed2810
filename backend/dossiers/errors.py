"""What can go wrong with a dossier."""

from kernel.errors import Conflict, Forbidden, Invalid, NotFound


class DossierNotFound(NotFound):
    """There is no such dossier that you may see."""

    vi = "Không tìm thấy hồ sơ."


class ResultNotReady(NotFound):
    """This dossier has no result to download yet."""

    vi = "Hồ sơ này chưa có kết quả để tải về."


class NoDueDate(NotFound):
    """This dossier has no due date now: its clock stands still, or nothing was promised."""

    vi = "Hồ sơ hiện chưa có hạn trả kết quả: thời hạn đang tạm dừng hoặc chưa được hẹn."


class ResultAlreadyPublished(Conflict):
    """The result of this dossier has been published; a result is never replaced silently."""

    vi = "Kết quả hồ sơ đã được công bố, không thể thay thế."


class ReasonMissing(Invalid):
    """This step needs a reason in plain words: at least ten characters, and not a template's blank."""

    vi = "Bước này cần nêu lý do rõ ràng, ít nhất 10 ký tự, không để mẫu trống."


class CodeMalformed(Invalid):
    """That is not a dossier code (mã hồ sơ), for example H12.13-260615-0007."""

    vi = "Mã hồ sơ không đúng dạng, ví dụ H12.13-260615-0007."


class StatusUnknown(Invalid):
    """That is none of the ten national statuses."""

    vi = "Trạng thái không thuộc mười trạng thái quốc gia."


class FileNotAccepted(Invalid):
    """A result is a PDF, PNG or JPEG file that is what it says it is."""

    vi = "Kết quả phải là tệp PDF, PNG hoặc JPEG đúng định dạng."


class NothingToExtend(Conflict):
    """Only a dossier that is being worked on and has a due date can get a new one."""

    vi = "Chỉ hồ sơ đang giải quyết và đã có hẹn trả mới được hẹn lại."


class ExtendedAlready(Conflict):
    """The date of this dossier has been set anew as often as the rule allows."""

    vi = "Hồ sơ đã được hẹn lại đủ số lần cho phép."


class NewDateNotLater(Invalid):
    """A new date is a working day after today and after the date that holds now."""

    vi = "Ngày hẹn lại phải là ngày làm việc, sau hôm nay và sau ngày đã hẹn."


class SupplementNeedsApprover(Forbidden):
    """Papers have been asked for before: asking again is for an approver, and indicator 2.1 counts the dossier as late."""

    vi = "Hồ sơ đã được yêu cầu bổ sung: yêu cầu thêm phải do lãnh đạo duyệt và chỉ số 2.1 sẽ tính hồ sơ là trễ hạn."


class SupplementNotFound(NotFound):
    """This dossier has no such request for papers."""

    vi = "Hồ sơ không có yêu cầu bổ sung này."


class SupplementClosed(Conflict):
    """This request for papers has been answered, or is no longer open."""

    vi = "Yêu cầu bổ sung này đã được đáp ứng hoặc không còn mở."


class SupplementItemUnknown(Invalid):
    """An item is named by its number in the request, once, with at least one file."""

    vi = "Mỗi giấy tờ được nêu theo số thứ tự trong yêu cầu, một lần, kèm ít nhất một tệp."


class RespondByNotLater(Invalid):
    """Papers are asked for until a day after today."""

    vi = "Hạn bổ sung phải sau hôm nay."


class PaperNotFound(NotFound):
    """This dossier has no such paper."""

    vi = "Hồ sơ không có giấy tờ này."


class DossierNotOver(Conflict):
    """A dossier can be rated once it has ended: finished, returned, stopped or not accepted."""

    vi = "Chỉ đánh giá được khi hồ sơ đã kết thúc: đã xong, đã trả kết quả, dừng xử lý hoặc không được tiếp nhận."


class RatingClosed(Conflict):
    """A rating may be changed for seven days."""

    vi = "Đánh giá chỉ sửa được trong 7 ngày."


class ExportRowUnreadable(Invalid):
    """This row of a source's export does not say where which dossier stands."""

    vi = "Dòng này không cho biết hồ sơ nào đang ở trạng thái nào."
