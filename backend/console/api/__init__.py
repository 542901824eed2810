"""The edge of the console: pages and forms, a file for each subject."""
