"""What runs in the sandbox: a program that opens one foreign file, tells what it is, and gives back what may be kept.

    bytes on standard input ──> limits.py (no file, no socket, little memory, little time) ──> kinds.py ──> picture.py | document.py
    a line of JSON, then bytes, on standard output <──────────────────────────────────────────────────────────┘

It is started anew for every file by `backend/uploads/gateways/sandbox.py`, and knows neither database nor settings.
"""
