"""What can go wrong in the staff directory."""

from kernel.errors import Conflict, Forbidden, Invalid, NotFound


class StaffMemberNotFound(NotFound):
    """There is no such official that you may see."""

    vi = "Không tìm thấy cán bộ này."


class AgencyNotFound(NotFound):
    """There is no such agency that you may see."""

    vi = "Không tìm thấy cơ quan này."


class OutsideYourAgencies(Forbidden):
    """You administrate your own agencies and those below them, and no others."""

    vi = "Bạn chỉ quản trị cơ quan của mình và các cơ quan trực thuộc."


class AlreadyEnrolled(Conflict):
    """Somebody is in the directory under this address already: change what they may do instead."""

    vi = "Địa chỉ này đã có trong danh bạ: hãy thay đổi quyền thay vì thêm mới."


class LastOfTheirRole(Conflict):
    """Without this official the agency would have no handler or no approver left: name another one first."""

    vi = "Nếu thiếu cán bộ này, cơ quan sẽ không còn người xử lý hoặc người phê duyệt: hãy bổ nhiệm người khác trước."


class SuccessorMissing(Invalid):
    """An agency that closes needs a successor that is there on that day, or its dossiers would belong to nobody."""

    vi = "Cơ quan ngừng hoạt động cần có cơ quan kế thừa còn hoạt động vào ngày đó."
