"""What can go wrong with a notice."""

from kernel.errors import Invalid, NotFound, Unprocessable


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
