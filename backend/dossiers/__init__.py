"""Dossiers (hồ sơ): where is my case, when is it ready, what do I have to do.

    source system ── dossier events ──> timeline ──fold──> status, dates ──> citizen's view
    staff         ── transition, result ──^

The timeline is the truth: entries arrive late, twice and out of order; the state is what folding them in time order says.
Owns `dossiers`. Emits `dossier.status_changed` and `dossier.result_published`. Hears nothing.
"""
