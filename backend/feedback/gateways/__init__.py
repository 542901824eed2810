"""Whom reports turn to outside their own room."""
