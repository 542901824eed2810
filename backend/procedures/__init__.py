"""Procedures (thủ tục hành chính): what a citizen can ask the administration for, how, how long it takes, what it costs.

    national portal's rows --> national --> codes, channels (limits, fees) --> actions/import_national --> documents
                                                                                                             |
    GET /v1/procedures?q= <-- api/public <-- queries <-- search (words without diacritics, ranks) <----------+

Owns the catalogue. Emits nothing, hears nothing. What the portal prints unreadably stays text: a limit or a fee is never guessed.
"""
