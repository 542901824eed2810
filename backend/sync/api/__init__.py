"""The edge of sync: changes by asking, and news that there are some."""
