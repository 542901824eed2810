"""Adapters to what lies outside: the virus scanner, and the sandbox in which foreign files are opened."""
