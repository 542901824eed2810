"""What others see of a report, and what they send to see it."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from backend.feedback.schemas.shared import Code, CodedLabel, FeedbackState, Words
from kernel.http.schemas import Body, View


class LookAround(Body, frozen=True, kw_only=True):
    """Where somebody is about to report something. In a body, because addresses are written down everywhere; it is not kept."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    radius_m: Annotated[int, Meta(ge=50, le=2_000)] = 300
    category: Code | None = None


class NeighbourReport(View, frozen=True, kw_only=True):
    """A report of somebody else: nothing of who sent it, and of the place the street, not the house."""

    id: str
    code: str
    category: CodedLabel
    state: FeedbackState
    state_at: datetime
    received_at: datetime
    mine: bool
    following: bool
    followers: int
    lat: float | UnsetType = UNSET
    lon: float | UnsetType = UNSET
    text: str | UnsetType = UNSET
    """In the words of an officer, once it has been made public."""


class NearbyReport(NeighbourReport, frozen=True, kw_only=True):
    """A report near by; `distanceM` is as exact as its place is known to others, about a hundred metres."""

    distance_m: int


class NearbyReports(View, frozen=True, kw_only=True):
    """Open reports around a place, the nearest first."""

    items: list[NearbyReport]


class FollowedReport(NeighbourReport, frozen=True, kw_only=True):
    """A report I follow, and what was answered last."""

    answer: str | UnsetType = UNSET


class FollowedReports(View, frozen=True, kw_only=True):
    """What I follow, the latest change first: a hundred at most."""

    items: list[FollowedReport]


class MapPoint(View, frozen=True, kw_only=True):
    """Where it is: longitude, latitude (RFC 7946, 3.1.2)."""

    type: Literal["Point"]
    coordinates: list[float]


class MapReport(View, frozen=True, kw_only=True):
    """What a map says of a report."""

    code: str
    category: CodedLabel
    state: FeedbackState
    received_at: datetime
    state_at: datetime
    text: str
    commune: CodedLabel | UnsetType = UNSET


class MapFeature(View, frozen=True, kw_only=True):
    """One report on the map."""

    type: Literal["Feature"]
    id: str
    geometry: MapPoint
    properties: MapReport


class MapOfReports(View, frozen=True, kw_only=True):
    """Public reports as GeoJSON (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[MapFeature]


class PublishFeedback(Body, frozen=True, kw_only=True):
    """What everybody may read: an officer's words, without anything by which somebody can be told."""

    public_text: Words
