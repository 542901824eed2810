"""Log lines: JSON in production, readable in development, never with a secret or a person in them (SEC-26, SEC-69)."""
