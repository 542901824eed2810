"""Dossiers (hồ sơ): where is my case, when is it ready, what do I have to do.

    source system ── dossier events ──> timeline ──fold──> status, dates ──> citizen's view, due date explained, official papers
    staff         ── transition, result ──^                    ^── promise: term, procedure, calendar; pauses; new dates
    citizen       ── papers supplied, withdrawal ──^

The timeline is the truth: entries arrive late, twice and out of order; the state is what folding them in time order says.
Owns `dossiers`, `dossier_watches`, `dossier_reminders`. Emits `dossier.status_changed`, `dossier.result_published` and
`dossier.prolonged`. Hears its own: reminders and apologies follow.
"""
