"""The few words everybody shares. Imports nothing of ours.

errors      what can go wrong, without HTTP           principal   who is asking
ids         opaque random identifiers                 machine     states and moves as one table
clock       aware time, UTC inside                    events      past-tense facts
text        Unicode cleaning, Vietnamese folding      slice       how a slice is handed to the app
calendar    working days                              personal    keyed look-up of a personal number

mongo/      the database: client, documents, files    outbox/     change and events in one commit, relay
http/       problem+json, paging, access, schemas     telemetry/  log lines without secrets
"""
