"""From a stored row to what its reader sees: an empty text is left out, never sent empty."""

from msgspec import UNSET

from backend.procedures.queries import Row
from backend.procedures.schemas import ChannelView, FeeView, ProcedureSummary, ProcedureView, TimeLimitView


def summary(row: Row) -> ProcedureSummary:
    """A row of a list."""
    return ProcedureSummary(**_summary_fields(row))


def whole(row: Row) -> ProcedureView:
    """The whole procedure."""
    return ProcedureView(
        **_summary_fields(row),
        channels=[_channel(channel) for channel in row["channels"]],
        applicants=row["applicants"],
        kind=row["kind"] or UNSET,
        competent_agency=row["competent_agency"] or UNSET,
        implementing_agency=row["implementing_agency"] or UNSET,
        papers=row["papers"] or UNSET,
        steps=row["steps"] or UNSET,
        result=row["result"] or UNSET,
        legal_basis=row["legal_basis"] or UNSET,
        decision=row["decision"] or UNSET,
        ministry=row["ministry"] or UNSET,
        other_channels=row["channels_rest"] or UNSET,
    )


def _summary_fields(row: Row) -> Row:
    return {
        "code": row["_id"],
        "name": row["name"],
        "field": row["field"],
        "levels": row["levels"],
        "online": any(channel["channel"] == "online" for channel in row["channels"]),
    }


def _channel(channel: Row) -> ChannelView:
    return ChannelView(
        channel=channel["channel"],
        time_limits=[TimeLimitView(**limit) for limit in channel["time_limits"]],
        fees=[FeeView(**fee) for fee in channel["fees"]],
        note=channel["note"] or UNSET,
    )
