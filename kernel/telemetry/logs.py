"""One set-up for every process: structlog in front, the standard library's loggers behind it, secrets scrubbed on the way."""

import logging
import re
from typing import Any

import structlog

# A JWT, a bearer header and whatever follows token= in a URL: libraries print these when asked to be talkative.
_SECRET = re.compile(r"eyJ[\w-]{8,}\.[\w.-]+|(?i:bearer|dpop)\s+[\w.~+/=-]{8,}|(?i:token|secret|code|verifier|hint)=[^\s&\"'\\]+")
# These print whole URLs at INFO, id_token_hint included.
_TALKATIVE = ("httpx", "httpx2", "httpcore", "httpcore2", "uvicorn.access", "urllib3", "google", "pymongo", "asyncio")


def scrub(line: str) -> str:
    """The line with everything that looks like a secret replaced."""
    return _SECRET.sub("[scrubbed]", line)


class _Scrubbing(structlog.stdlib.ProcessorFormatter):
    """Scrubs the finished line: a secret may sit in a nested value, in an exception, or in what a library put together."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


def configure(*, as_json: bool, level: str = "INFO") -> None:
    """Send every log line of this process through one chain."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    handler = logging.StreamHandler()
    handler.setFormatter(
        _Scrubbing(foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer])
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
