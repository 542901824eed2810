"""Personal data: declared once, sealed on the way to the database, opened only by whoever asks.

    document: name: PersonName ── Plain ──commit──> vault.seal ──> Sealed (ciphertext under its subject's key) ──> MongoDB
    query:    rows ── Sealed ──> vault.open (one batch) ──> words, or ERASED ──> view

    subject    whose data it is: an opaque id, never derived from a number, never used again
    kind       what it is: how it is masked, called, exported
    field      the types a document declares
    vault      keys by subject, sealing, opening, erasure, rotation of the master key

Erasing a citizen destroys the key: whatever was sealed under it, here or in yesterday's backup, is noise (docs/decisions/0011).
"""
