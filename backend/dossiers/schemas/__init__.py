"""What crosses the wire about dossiers, one file a subject."""
