"""What crosses the wire about reports: one file an audience."""
