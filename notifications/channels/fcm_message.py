"""A push as Firebase's message object: localisation keys and ids only, within the size Firebase takes."""

from datetime import datetime, timedelta
from typing import Any

from firebase_admin import messaging

from notifications.channels.port import Push

SHORTEST_LIFE = timedelta(seconds=1)


def fcm_message(push: Push, *, now: datetime) -> messaging.Message:
    """The message for one installation, living as long as the notice still does (I24)."""
    life = max(push.expires_at - now, SHORTEST_LIFE)
    address: dict[str, Any] = {push.target.kind: push.target.value}
    return messaging.Message(
        data={"nid": push.notice_id, "category": push.category},
        android=messaging.AndroidConfig(
            priority="high" if push.urgent else "normal",
            ttl=life,
            notification=messaging.AndroidNotification(
                title_loc_key=push.title_key,
                body_loc_key=push.body_key,
                tag=push.notice_id,
                channel_id=push.category,
                visibility="private",
            ),
        ),
        apns=messaging.APNSConfig(
            headers={
                "apns-priority": "10" if push.urgent else "5",
                "apns-push-type": "alert",
                "apns-collapse-id": push.notice_id,
                "apns-expiration": str(int((now + life).timestamp())),
            },
            payload=messaging.APNSPayload(
                aps=messaging.Aps(
                    alert=messaging.ApsAlert(title_loc_key=push.title_key, loc_key=push.body_key),
                    mutable_content=True,
                    thread_id=push.category,
                )
            ),
        ),
        **address,
    )
