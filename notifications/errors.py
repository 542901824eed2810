"""What can go wrong with a notice."""

from kernel.errors import Invalid, NotFound


class InboxItemNotFound(NotFound):
    """There is no such notice in your inbox."""

    vi = "Không có thông báo này trong hộp thư của bạn."


class PushTargetNotFound(NotFound):
    """This device is not registered for you."""

    vi = "Thiết bị này chưa được đăng ký cho bạn."


class UnknownMessage(Invalid):
    """The catalogue has no such message."""

    vi = "Không có mẫu thông báo này."
