"""`python -m backend`: the same as `motcua`."""

from backend.cli import main

main()
