"""From a committed change to whoever must hear of it, at least once, in order per document.

    action ── commit(event) ──> document.outbox ──claim (lease, token)──> relay ──> reactions ──acknowledge──> gone
                                      ^                                     │
                                      └──── backoff, then dead_events <─────┘ a reaction fails

`kernel.mongo.document` writes the outbox; `relay` empties it. Any number of relays run beside each other.
"""
