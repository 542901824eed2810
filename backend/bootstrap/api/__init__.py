"""The edge of the slice, one file an audience."""
