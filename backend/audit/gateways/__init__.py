"""Where the second copy goes."""
