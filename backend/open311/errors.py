"""What can go wrong when somebody speaks Open311 to us."""

from kernel.errors import Forbidden, Invalid, NotFound


class ResourceNotFound(NotFound):
    """GeoReport v2 has no such resource; formats are `.xml` and `.json`."""

    vi = "GeoReport v2 không có tài nguyên này; định dạng là .xml hoặc .json."


class ServiceNotFound(NotFound):
    """The service_code was not found."""

    vi = "Không có service_code này."


class RequestNotFound(NotFound):
    """The service_request_id was not found; what is not public yet has none."""

    vi = "Không có service_request_id này; phản ánh chưa công khai thì chưa có mã."


class TokenNotFound(NotFound):
    """The token was not found."""

    vi = "Không có token này."


class ApiKeyRefused(Forbidden):
    """The api_key is missing or not one of ours."""

    vi = "Thiếu api_key hoặc api_key không đúng."


class FormMalformed(Invalid):
    """The parameters are no URL-encoded UTF-8, too many, or one that counts once stands twice."""

    vi = "Tham số không phải dạng urlencoded UTF-8, quá nhiều, hoặc bị lặp lại."


class ServiceCodeMissing(Invalid):
    """The service_code was not provided."""

    vi = "Thiếu service_code."


class LocationMissing(Invalid):
    """A location was not provided: lat and long, address_string, or address_id."""

    vi = "Thiếu vị trí: lat và long, address_string hoặc address_id."


class LocationMalformed(Invalid):
    """lat and long are degrees (WGS 84) and come together; address_id is the code of a commune or ward of the province."""

    vi = "lat và long tính bằng độ (WGS 84) và đi cùng nhau; address_id là mã xã, phường của tỉnh."


class DescriptionTooLong(Invalid):
    """A description has at most 4,000 characters, an address 500, a name 100, a phone number 30, a media_url 1,000."""

    vi = "description tối đa 4.000 ký tự, địa chỉ 500, tên 100, số điện thoại 30, media_url 1.000."


class AttributeUnknown(Invalid):
    """The service definition has no such attribute, or the attribute no such value."""

    vi = "Định nghĩa dịch vụ không có thuộc tính hoặc giá trị này."


class DateMalformed(Invalid):
    """A date is written as 2026-01-31T08:00:00Z or 2026-01-31T15:00:00+07:00: with its zone, and the + as %2B."""

    vi = "Ngày giờ viết dạng 2026-01-31T08:00:00Z hoặc 2026-01-31T15:00:00+07:00: kèm múi giờ, dấu + viết là %2B."


class PeriodTooLong(Invalid):
    """start_date and end_date may not span more than 90 days, and do not stand the wrong way round."""

    vi = "Từ start_date đến end_date không quá 90 ngày và không được đảo ngược."


class Open311StatusUnknown(Invalid):
    """A status is open or closed."""

    vi = "status là open hoặc closed."


class TooManyIds(Invalid):
    """At most 1,000 values of service_request_id can be asked for at once."""

    vi = "Mỗi lần hỏi tối đa 1.000 service_request_id."
