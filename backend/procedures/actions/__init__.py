"""The verbs of the slice, one a file."""
