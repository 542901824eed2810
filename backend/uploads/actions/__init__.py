"""What can be done with an upload, one verb a file."""
