"""What can go wrong with an upload."""

from kernel import errors


class UploadNotFound(errors.NotFound):
    """There is no such upload of yours."""

    vi = "Không tìm thấy tệp tải lên này của bạn."


class UploadExpired(errors.Gone):
    """This upload was not finished or used in time and has been removed: begin again."""

    vi = "Tệp tải lên đã quá hạn và bị xóa: vui lòng tải lại từ đầu."


class ProtocolVersionUnsupported(errors.PreconditionFailed):
    """This address speaks tus 1.0.0: say so in `Tus-Resumable`."""

    vi = "Địa chỉ này dùng giao thức tus 1.0.0: cần tiêu đề Tus-Resumable đúng phiên bản."


class UploadHeaderMalformed(errors.Invalid):
    """A header of the upload protocol is missing or does not fit."""

    vi = "Tiêu đề của giao thức tải tệp thiếu hoặc không đúng dạng."


class ChecksumAlgorithmUnknown(errors.Invalid):
    """A checksum is `sha1` or `sha256`, a space, and the digest in base64."""

    vi = "Mã kiểm tra phải là sha1 hoặc sha256, dấu cách, rồi giá trị băm dạng base64."


class UploadTooLarge(errors.TooLarge):
    """A file may have 10 MB, and a request no more than the upload still lacks."""

    vi = "Mỗi tệp tối đa 10 MB, và mỗi lần gửi không vượt quá phần còn thiếu."


class UploadQuotaExceeded(errors.TooMany):
    """You have uploaded as much as one may in a day: go on tomorrow."""

    vi = "Bạn đã tải lên hết dung lượng cho phép trong ngày: vui lòng tiếp tục vào ngày mai."
    retry_after_s = 3600


class OffsetMismatch(errors.Conflict):
    """The upload stands at another offset: ask for it with HEAD, and go on from there."""

    vi = "Vị trí tải lên không khớp: vui lòng hỏi lại bằng HEAD rồi gửi tiếp từ đó."


class UploadInterrupted(errors.Locked):
    """A newer request has taken this upload over, or nothing arrived for a minute. What arrived has been kept."""

    vi = "Một yêu cầu mới hơn đã tiếp nhận việc tải tệp, hoặc quá lâu không có dữ liệu. Phần đã nhận vẫn được giữ."


class UploadNotReady(errors.Conflict):
    """This upload has not been checked and accepted yet."""

    vi = "Tệp chưa được kiểm tra xong hoặc không được chấp nhận."


class UploadAttached(errors.Conflict):
    """This upload belongs to something already, and cannot be used for something else."""

    vi = "Tệp này đã được đính kèm vào nơi khác."


class UploadPurposeDiffers(errors.Conflict):
    """This upload was begun for another purpose."""

    vi = "Tệp này được tải lên cho mục đích khác."


class NoPaper(errors.Unprocessable):
    """Only a picture can be put on a sheet of paper."""

    vi = "Chỉ ảnh mới chuyển được thành trang PDF."


class PaperUnavailable(errors.Unavailable):
    """The sheet of paper could not be made just now; the picture is safe."""

    vi = "Chưa tạo được trang PDF; ảnh vẫn được lưu an toàn. Vui lòng thử lại."
