"""The staff console (bàn làm việc của cán bộ): pages at `/console`, in any browser, with or without scripts.

    browser ── cookie ──> a session (documents.py) ── its official's token ──> the API of this very process (calls.py)
       ▲                                                                          │
       └── pages (templates/, static/) <── what the official may see, on record ──┘

It owns how things look and nothing else: rules and filters are the API's, and so is nearly all of the audit (ADR 0031).
Owns `console_sessions` and `console_presence`. Emits and hears nothing.
"""
