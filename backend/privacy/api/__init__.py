"""The edge of this room, one file an audience."""
