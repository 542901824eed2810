"""MongoDB, said plainly: one client, documents with a version, files in GridFS, a stream that wakes sleepers.

client    connect and bind documents          document   `Stored`: version, commit with events
reads     the hot read path, either driver   files      a file's bytes, hash first
wakeup    change stream as an alarm clock, never as the truth
followed  documents of which phones keep copies
"""
