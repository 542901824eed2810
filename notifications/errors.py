"""What can go wrong with a notice."""

from kernel.errors import Gone, Invalid, NotFound, Unavailable, Unprocessable


class InboxItemNotFound(NotFound):
    """There is no such notice in your inbox."""

    vi = "Không có thông báo này trong hộp thư của bạn."


class PushTargetNotFound(NotFound):
    """This device is not registered for you."""

    vi = "Thiết bị này chưa được đăng ký cho bạn."


class MustBeRead(Unprocessable):
    """What asks you to act, and the result you wait for, cannot be muted."""

    vi = "Không thể tắt thông báo yêu cầu bạn thực hiện và thông báo có kết quả."


class UnknownTimeZone(Invalid):
    """There is no such time zone: it is a name of the IANA database, as `Asia/Ho_Chi_Minh`."""

    vi = "Không có múi giờ này: hãy dùng tên theo cơ sở dữ liệu IANA, ví dụ Asia/Ho_Chi_Minh."


class UnknownMessage(Invalid):
    """The catalogue has no such message."""

    vi = "Không có mẫu thông báo này."


class ContactNotFound(NotFound):
    """You have given no such contact."""

    vi = "Bạn chưa cung cấp thông tin liên hệ này."


class ContactMalformed(Invalid):
    """That is no e-mail address, or no mobile number of Vietnam."""

    vi = "Địa chỉ thư điện tử hoặc số di động Việt Nam không đúng."


class ContactNotOffered(Unprocessable):
    """Nothing is sent by this way here, so such a contact is of no use."""

    vi = "Hệ thống chưa gửi tin qua cách này nên chưa nhận thông tin liên hệ loại này."


class ContactUnreachable(Unprocessable):
    """The code could not be sent there: nobody is reached under this address."""

    vi = "Không gửi được mã xác nhận: không liên lạc được qua địa chỉ này."


class CodeNotSent(Unavailable):
    """The code could not be sent at the moment: try again shortly."""

    vi = "Tạm thời chưa gửi được mã xác nhận: vui lòng thử lại sau."


class CodeWrong(Unprocessable):
    """That is not the code that was sent."""

    vi = "Mã xác nhận không đúng."


class CodeSpent(Gone):
    """There is no code to be confirmed any more: it is too old, or was guessed at too often. Have another one sent."""

    vi = "Mã xác nhận đã hết hạn hoặc đã nhập sai quá nhiều lần: vui lòng yêu cầu mã mới."
