"""The edge of notifications, one file an audience."""
