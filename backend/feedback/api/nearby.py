"""What a citizen sees of other people's reports: near by before they send the same, on the map, and what they follow."""

from datetime import timedelta
from typing import Annotated

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from backend.feedback import nearby, published
from backend.feedback.actions import follow
from backend.feedback.api.given import TheCircumstances
from backend.feedback.api.views import FeedbackViewer, TheFeedbackViewer
from backend.feedback.errors import BoxMalformed
from backend.feedback.places import Box, Spot
from backend.feedback.schemas.nearby import (
    FollowedReport,
    FollowedReports,
    LookAround,
    MapFeature,
    MapOfReports,
    MapPoint,
    MapReport,
    NearbyReport,
    NearbyReports,
    NeighbourReport,
)
from kernel.audit import AuditEntry
from kernel.http.access import REPORTS, citizens_or_helpers, everybody
from kernel.http.given import Actor, TheAudit, TheClock, TheFresh, TheReads
from kernel.http.limits import limited
from kernel.mongo.reads import Fields, Row
from kernel.principal import Principal

MOST_ON_THE_MAP = 1_000
Days = Annotated[int, QueryParameter(name="days", ge=1, le=366, description="Received within so many days.")]
InBox = Annotated[
    str | None,
    QueryParameter(name="bbox", max_length=120, description="West, south, east, north in degrees (RFC 7946, 5)."),
]


class NearbyFeedback(Controller):
    """Somebody has seen it before me: I follow theirs instead of sending it again."""

    path = "/v1/feedback"
    tags = ["Feedback"]
    guards = [citizens_or_helpers(REPORTS)]

    @post("/nearby", operation_id="listNearbyFeedback", summary="What is reported near by", status_code=200)
    async def list_nearby(
        self, data: JSONBody[LookAround], actor: Actor, reads: TheReads, feedback_viewer: TheFeedbackViewer
    ) -> NearbyReports:
        """Open reports around a place, the nearest first: to be offered before the same is sent again."""
        rows = await nearby.near(reads, Spot(data.lat, data.lon), radius_m=data.radius_m, category=data.category)
        items = [NearbyReport(**_seen(feedback_viewer, actor, row), distance_m=round(row["distance"], -1)) for row in rows]
        return NearbyReports(items=items)

    @get("/followed", operation_id="listFollowedFeedback", summary="Reports of others that I follow")
    async def list_followed(
        self, actor: Actor, reads: TheReads, feedback_viewer: TheFeedbackViewer, fresh: TheFresh
    ) -> FollowedReports:
        """What I follow, the latest change first, with what was answered."""
        rows, _ = await fresh.page(lambda shown: nearby.followed_by(reads, actor, shown))
        return FollowedReports(items=[_followed(feedback_viewer, actor, row) for row in rows])

    @put("/{feedback_id:str}/follow", operation_id="followReport", summary="Me too", opt=limited("follow"))
    async def follow(
        self,
        actor: Actor,
        feedback_viewer: TheFeedbackViewer,
        circumstances: TheCircumstances,
        audit: TheAudit,
        feedback_id: FromPath[str],
    ) -> NeighbourReport:
        """I have seen the same: I am told what is answered. The office sees how many follow, not who."""
        report = await follow.follow(actor, feedback_id, given=circumstances)
        entry = AuditEntry(action="feedback.followed", object=f"feedback:{report.id}", subjects=(actor.recipient,))
        await audit.record(actor, entry)
        row = {**report.model_dump(exclude={"id"}, exclude_none=True), "_id": report.id}
        return NeighbourReport(**_seen(feedback_viewer, actor, row))

    @delete("/{feedback_id:str}/follow", operation_id="unfollowReport", summary="Follow it no more")
    async def unfollow(self, actor: Actor, circumstances: TheCircumstances, feedback_id: FromPath[str]) -> None:
        """I am not told of it any more."""
        await follow.unfollow(actor, feedback_id, given=circumstances)


class FeedbackMap(Controller):
    """Anybody sees what has been made public."""

    path = "/v1/feedback/map"
    tags = ["Feedback"]
    guards = [everybody]

    @get("/", operation_id="getFeedbackMap", summary="Public reports as GeoJSON")
    async def get_map(
        self,
        reads: TheReads,
        feedback_viewer: TheFeedbackViewer,
        fresh: TheFresh,
        clock: TheClock,
        days: Days = 90,
        box: InBox = None,
    ) -> MapOfReports:
        """What officers have made public, the latest first, a thousand at most; places are as coarse as the street (RFC 7946)."""
        since = clock.now() - timedelta(days=days)
        within = _box(box) if box else None

        async def read(shown: Fields | None) -> tuple[list[Row], None]:
            rows = await published.received_between(reads, since, None, box=within, limit=MOST_ON_THE_MAP, shown=shown)
            return rows, None

        rows, _ = await fresh.page(read)
        return MapOfReports(type="FeatureCollection", features=[_feature(feedback_viewer, row) for row in rows if "spot" in row])


def _box(raw: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in raw.split(","))
        corners = msgspec.convert([{"lat": south, "lon": west}, {"lat": north, "lon": east}], tuple[Spot, Spot])
    except ValueError as wrong:
        raise BoxMalformed from wrong
    if west > east or south > north:
        raise BoxMalformed
    return corners


def _seen(viewer: FeedbackViewer, actor: Principal, row: Row) -> Row:
    lon, lat = row["spot"]["coordinates"] if "spot" in row else (UNSET, UNSET)
    return {
        "id": row["_id"],
        "code": row["code"],
        "category": viewer.category(row["category"]),
        "state": viewer.public_state(row["state"]),
        "state_at": row["state_at"],
        "received_at": row["received_at"],
        "mine": row.get("reporter") == actor.recipient,
        "following": actor.recipient in row["followers"],
        "followers": len(row["followers"]),
        "lat": lat,
        "lon": lon,
        "text": row["public"]["text"] if "public" in row else UNSET,
    }


def _followed(viewer: FeedbackViewer, actor: Principal, row: Row) -> FollowedReport:
    answers = [step["text"] for step in row["answers"] if "text" in step]
    return FollowedReport(**_seen(viewer, actor, row), answer=viewer.word(answers[-1]) if answers else UNSET)


def _feature(viewer: FeedbackViewer, row: Row) -> MapFeature:
    return MapFeature(
        type="Feature",
        id=row["_id"],
        geometry=MapPoint(type="Point", coordinates=list(row["spot"]["coordinates"])),
        properties=MapReport(
            code=row["code"],
            category=viewer.category(row["category"]),
            state=viewer.public_state(row["state"]),
            received_at=row["received_at"],
            state_at=row["state_at"],
            text=row["public"]["text"],
            commune=viewer.commune(row["commune"]) if "commune" in row else UNSET,
        ),
    )
