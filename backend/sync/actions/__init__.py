"""What is done to feeds, one verb a file."""
