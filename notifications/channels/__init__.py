"""Ways to a phone. A channel takes a push and says what became of it; it never decides what to do about that.

Push ──> Channel.send ──> Sent | Retry(after) | DeadTarget | Refused | Ambiguous
"""
