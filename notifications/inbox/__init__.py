"""The inbox: what a recipient has been told, read or unread, until they throw it away."""
