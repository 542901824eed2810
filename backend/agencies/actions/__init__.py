"""What can be done to agencies and their staff: one file a subject."""
