"""Instead of a push: one text to one contact, after no receipt, with consent, never twice (I32, ADR 0035).

planned with the notice ── its category's wait ──> claim (lane `fallback`, lease) ──> brief, decide
                                                        │                               │ read, a receipt, no consent: suppressed
    perhaps sent: an end for good <── begun, no outcome ┘                               │ quiet hours: waits
                                                                                        └ the first channel that may
    certainly not taken: again, or the next channel <── outcome <── channel <── `begun` noted ──┘
"""
