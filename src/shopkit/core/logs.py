"""Logs: lines that can be tied to the request they belong to, without phones, tokens and codes.

Our own lines name ids and never values. What other libraries and tracebacks write is cleaned by the
formatters here, as a last line of defence.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timezone
from typing import Any

from .phones import mask_phone

HIDDEN = "…"

_request_id: ContextVar[str] = ContextVar("shopkit_request_id", default="")

# What a line may carry beside its text. Other libraries hang whole requests and answers on records,
# so nothing is taken that is not named here.
FIELDS = ("request_id", "method", "route", "status", "duration_ms", "user_id")

PHONE = re.compile(r"(?:\+|%2B)\d{7,15}", re.IGNORECASE)
# PostgreSQL quotes the row that it refused.
DETAIL = re.compile(r"(DETAIL:\s+).*?(?=\n\n|\nHINT:|\nCONTEXT:|\Z)", re.DOTALL)
SECRETS = re.compile(
    r"""
    \beyJ[\w-]{5,}\.[\w-]+\.[\w-]*   # a JSON Web Token
    | (?<=bearer\ )[\w.~+/=-]+       # whatever else authorises
    | \d{6,}:[\w-]{20,}              # a Telegram bot's token
    | (?<=://)[^\s/@:]*:[^\s/@]*(?=@)  # user and password in a URL
    """,
    re.VERBOSE | re.IGNORECASE,
)


def request_id() -> str:
    """Return the id of the request that this code works for, or ""."""
    return _request_id.get()


@contextmanager
def bound_request_id(value: str) -> Iterator[None]:
    """Let what runs inside the block work for the request ``value``."""
    token = _request_id.set(value)
    try:
        yield
    finally:
        _request_id.reset(token)


def clean(text: str) -> str:
    """Return ``text`` as a log may hold it."""
    text = SECRETS.sub(HIDDEN, DETAIL.sub(rf"\1{HIDDEN}", text))
    return PHONE.sub(lambda found: mask_phone(found[0]), text)


class RequestIdFilter(logging.Filter):
    """Puts ``request_id`` on every record; hang it on a handler. It drops none."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Note for whom the record was written."""
        # Django reports a failed request after the middleware has let go of it.
        of_django = getattr(getattr(record, "request", None), "request_id", "")
        record.request_id = request_id() or of_django
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object on one line: at, level, logger, message, ``FIELDS``, exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, timezone.utc)
        entry: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": clean(record.getMessage()),
        }
        for name in FIELDS:
            value = getattr(record, name, None)
            if value is not None and value != "":
                entry[name] = value if isinstance(value, (int, float)) else clean(str(value))
        if record.exc_info:
            entry["exception"] = clean(self.formatException(record.exc_info))
        return json.dumps(entry)  # ASCII: no character of a text ends the line


class LineFormatter(logging.Formatter):
    """Lines for people, by the format that the site gives, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the text."""
        return clean(super().format(record))
