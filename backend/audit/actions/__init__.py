"""What is done with the trail: record, anchor, verify, and let somebody write to it."""
