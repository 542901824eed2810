"""What can be done with a report, one verb a file: load, decide, save with events in one commit."""
