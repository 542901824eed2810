"""What can go wrong with a dossier."""

from kernel.errors import Conflict, Invalid, NotFound


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
    """This step needs a reason in plain words, at least ten characters long."""

    vi = "Bước này cần nêu lý do rõ ràng, ít nhất 10 ký tự."


class CodeMalformed(Invalid):
    """That is not a dossier code (mã hồ sơ), for example H12.13-260615-0007."""

    vi = "Mã hồ sơ không đúng dạng, ví dụ H12.13-260615-0007."


class StatusUnknown(Invalid):
    """That is none of the ten national statuses."""

    vi = "Trạng thái không thuộc mười trạng thái quốc gia."


class FileNotAccepted(Invalid):
    """A result is a PDF, PNG or JPEG file that is what it says it is."""

    vi = "Kết quả phải là tệp PDF, PNG hoặc JPEG đúng định dạng."
