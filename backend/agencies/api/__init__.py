"""The directory over the API: administrators only."""
