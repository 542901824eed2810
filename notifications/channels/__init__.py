"""Ways to somebody. A channel takes a push, or a text, and says what became of it; it never decides what to do about that.

Push ──> Channel.send ──────┬──> Sent | Retry(after) | Busy | DeadTarget | Stranger | Refused | Ambiguous
Text ──> TextChannel.send ──┘
"""
