"""Sync: what has changed since a phone last asked, for everything it keeps a copy of, in one call and without a loss (ADR 0018).

    commit ──> document.outbox ──relay──> bump ──> sync_feeds ──> GET /v1/sync?since=…     the changes
       └───────── at once, best effort ────^           └─ change stream ─> bells ─┬─> wait=25, the long poll
                                                                                 └─> GET /v1/events, "something changed"

Owns `sync_feeds`: one document a citizen, in which every copy has the sequence number of its last change. Slices declare what
phones keep copies of (`kernel.slice.Synced`); this room knows none of them by name. Hears `kernel.changed`.
"""
