"""What can go wrong when a citizen asks about their own data."""

from kernel.errors import Conflict, Gone, Invalid, NotFound


class PurposeNotFound(NotFound):
    """We process personal data for no such purpose."""

    vi = "Không có mục đích xử lý dữ liệu nào như vậy."


class ConsentNotAsked(Conflict):
    """This purpose rests on a duty of the state and not on your consent, so there is nothing to give or withdraw."""

    vi = "Mục đích này dựa trên nhiệm vụ của Nhà nước, không dựa trên sự đồng ý, nên không có gì để đồng ý hay rút lại."


class ConsentTextMissing(Invalid):
    """Say by `textVersion` which text the citizen was shown: a yes to an unknown text is none."""

    vi = "Thiếu `textVersion` của nội dung đã cho người dùng xem: đồng ý mà không rõ nội dung thì không có giá trị."


class ConsentTextChanged(Conflict):
    """The text you were shown is not the present one: read the present one, then decide."""

    vi = "Nội dung bạn đã xem không còn hiện hành: vui lòng đọc bản hiện hành rồi quyết định."


class ErasureNotFound(NotFound):
    """There is no such request for erasure that you may see."""

    vi = "Không tìm thấy yêu cầu xóa dữ liệu."


class DataRequestNotFound(NotFound):
    """There is no such request about personal data that you may see."""

    vi = "Không tìm thấy yêu cầu về dữ liệu cá nhân."


class ObjectionWithoutPurpose(Invalid):
    """Say by `purpose` to which processing you object."""

    vi = "Cần nêu `purpose`: bạn phản đối việc xử lý dữ liệu cho mục đích nào."


class WithdrawInstead(Conflict):
    """This purpose rests on your consent: withdraw it, and it ends at once, without an answer of ours."""

    vi = "Mục đích này dựa trên sự đồng ý của bạn: hãy rút lại sự đồng ý, việc xử lý sẽ dừng ngay mà không cần chờ trả lời."


class ProcessingRestricted(Conflict):
    """You have had the processing of your data restricted: take that request back before you consent to anything new."""

    vi = "Việc xử lý dữ liệu của bạn đang bị hạn chế theo yêu cầu: hãy rút yêu cầu đó trước khi đồng ý thêm mục đích."


class ErasureReasonMissing(Invalid):
    """Say why in plain words, at least ten characters long: the citizen reads it."""

    vi = "Cần nêu lý do rõ ràng, ít nhất 10 ký tự: công dân sẽ đọc lý do này."


class AlreadyExtended(Conflict):
    """The time for this request has been extended once; the law knows no second extension."""

    vi = "Thời hạn của yêu cầu này đã được gia hạn một lần; pháp luật không cho gia hạn lần thứ hai."


class ExportNotFound(NotFound):
    """There is no such export that you may see."""

    vi = "Không tìm thấy bản sao dữ liệu."


class ExportNotReady(Conflict):
    """The archive is still being made: ask again in a moment."""

    vi = "Bản sao dữ liệu đang được chuẩn bị: vui lòng thử lại sau giây lát."


class ExportUsed(Gone):
    """This archive has been handed out once already: ask for a new one."""

    vi = "Bản sao dữ liệu này đã được tải một lần: vui lòng yêu cầu bản mới."


class ExportExpired(Gone):
    """This archive was offered for 24 hours and is gone: ask for a new one."""

    vi = "Bản sao dữ liệu này đã hết hạn 24 giờ: vui lòng yêu cầu bản mới."


class BreachNotFound(NotFound):
    """There is no such breach in the register."""

    vi = "Không có vi phạm nào như vậy trong sổ đăng ký."
