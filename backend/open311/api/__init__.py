"""The one door of Open311."""
