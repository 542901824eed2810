"""Preferences: how somebody wants to be told. Decided when a push is about to leave, so that a change counts at once (I29).

    phone ──PATCH, If-Match──> change ──> one document a recipient
                                              │ read at send time
    delivery ──────────────> verdict ── muted ──> suppressed; the inbox has it all the same
                               │ ────── no consent to a service abroad ──> suppressed, whatever it is
                               │ ────── quiet, and it can wait ──> held until the hours are over
                               └ ────── nothing against it ──> sent, in full or without saying what it is about

What asks the citizen to act, and the result they wait for, cannot be muted: they are the reason to have the app.
"""
