"""Work in the background: loops that look for what is due until they are told to stop."""
