"""Feedback (phản ánh, kiến nghị): a street light is broken; somebody with a name answers; if it is not true, it opens again.

    citizen ── sends, replies, rates, reopens ──┐
    staff   ── classify, assign, ask, answer ───┼──> a report: timeline, state, promises ──> what its citizen sees
    clock   ── time-outs, lateness ─────────────┘

The table of moves (states.py) says what may happen and what the clock does; the promises made to the citizen (sla.py) are stored,
whether one is broken is worked out. Who reported is secret: staff see a mask, and whoever lifts it is on record.
Owns `feedback`, `feedback_notes`. Emits `feedback.received`, `feedback.moved`, `feedback.changed`, `feedback.escalated` and
`feedback.nobody_on_duty`. Hears its own.
"""
