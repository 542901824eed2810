"""What can go wrong when a phone asks for changes."""

from kernel.errors import Gone, Invalid, TooMany


class SyncTokenExpired(Gone):
    """This sync token is no longer good here: ask again without `since`, and replace what you have by the answer."""

    vi = "Mốc đồng bộ không còn dùng được: hãy đồng bộ lại từ đầu và thay toàn bộ dữ liệu đang lưu."


class SyncTypeUnknown(Invalid):
    """`types` names something that phones keep no copies of."""

    vi = "Tham số types nêu một loại dữ liệu không đồng bộ được."


class TooManyStreams(TooMany):
    """Five devices of yours are waiting for news already: close one."""

    vi = "Đã có năm thiết bị của bạn đang chờ tin: hãy đóng bớt một kết nối."
    retry_after_s = 30
