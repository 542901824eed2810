"""What can go wrong when somebody asks for a procedure."""

from kernel.errors import Invalid, NotFound


class ProcedureNotFound(NotFound):
    """There is no procedure with this code."""

    vi = "Không có thủ tục hành chính nào mang mã này."


class ProcedureCodeMalformed(Invalid):
    """A procedure code looks like 1.004222, or 1.004222.000.00.00.H12 for a province's copy."""

    vi = "Mã thủ tục hành chính có dạng 1.004222 hoặc 1.004222.000.00.00.H12."


class RowUnreadable(Invalid):
    """This line is not a procedure of the national list."""

    vi = "Dòng này không phải một thủ tục của danh mục quốc gia."
