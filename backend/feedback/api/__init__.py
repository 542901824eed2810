"""The edge of feedback, one file an audience."""
