"""What can be done with a dossier, one verb a file: load, decide, save with events in one commit."""
