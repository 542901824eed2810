"""The edge of dossiers, one file an audience."""
