"""What is stored of the console: sessions of browsers, and who is writing an answer at this moment."""

from datetime import datetime

from pymongo import IndexModel

from kernel.mongo.document import Stored


class ConsoleSession(Stored):
    """One browser, signed in. Its id is the hash of its cookie; `tokens` and `drafts` are encrypted under a key made of the cookie.

    Drafts are kept by report and act: what an official was typing, found again after a reload, gone with the session.
    """

    official: str
    tokens: bytes
    drafts: dict[str, bytes] = {}
    expires_at: datetime

    class Settings:
        name = "console_sessions"
        indexes = (IndexModel([("expires_at", 1)], name="expires_at_ttl", expireAfterSeconds=0),)


class ConsolePresence(Stored):
    """An official is writing at a report; whoever else opens it is told by whom. Forgotten when they stop for a minute."""

    report: str
    official: str
    officer: str
    at: datetime
    expires_at: datetime

    class Settings:
        name = "console_presence"
        indexes = (
            IndexModel([("report", 1), ("at", -1)], name="at_a_report"),
            IndexModel([("expires_at", 1)], name="expires_at_ttl", expireAfterSeconds=0),
        )
