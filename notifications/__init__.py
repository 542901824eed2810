"""Notifications: how a citizen gets told. Knows recipients, messages and devices; never what a message is about.

    Notice ──post──> inbox (the record) ──plan──> deliveries ──claim──> sender ──> channel (FCM) ──> phone
                        ^                             │  lease, token       │
    phone reads ────────┘         retried, expired, <─┴── outcome recorded <┘
                                  suppressed, sent

A push is a hint without a personal word: ids and localisation keys. The inbox and whatever the app fetches are the truth, so a
lost push loses nothing. How somebody wants to be told is asked when a push is about to leave.

Owns `inbox`, `push_targets`, `deliveries`, `preferences`.
"""
