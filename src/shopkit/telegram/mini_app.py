"""The signed data of a Mini App: who opened it, said by Telegram.

Source: core.telegram.org/bots/webapps, "Validating data received via the Mini App".
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext as _

from .conf import telegram_settings
from .updates import Person, read_person

LONGEST = 8192


@dataclass(frozen=True, kw_only=True)
class InitData:
    """What Telegram signed.

    user -- who opened the Mini App; no phone number is in it
    signed_at -- when it was opened
    start_param -- what the link carried; chosen by whoever made the link
    digest -- names this very data, for a caller that lets it sign in only once
    """

    user: Person
    signed_at: datetime
    start_param: str
    digest: str


def verify_init_data(init_data: str, *, at: float | None = None) -> InitData:
    """Return what Telegram signed with the site's own bot token.

    init_data -- the query string ``Telegram.WebApp.initData``, as it came
    at -- the time to judge its age by, seconds since 1970; None for now

    Raises ValidationError (attr ``init_data``, code "invalid_init_data"), the same for a wrong
    signature, for malformed and for old data. Raises ImproperlyConfigured without BOT_TOKEN.
    """
    token = telegram_settings().BOT_TOKEN
    if not token:
        raise ImproperlyConfigured('SHOPKIT["TELEGRAM"]["BOT_TOKEN"] is needed for Mini Apps.')
    fields = read_fields(init_data)
    given = fields.pop("hash", "")
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    # Telegram's ``signature`` for third parties is among the fields that this hash covers.
    expected = hmac.new(secret, check_text(fields).encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise refused()
    return fresh_data(fields, digest=expected, at=at)


def read_fields(init_data: str) -> dict[str, str]:
    """Return the fields of the query string; one that stands twice is refused."""
    if not 0 < len(init_data) <= LONGEST:
        raise refused()
    try:
        pairs = parse_qsl(
            init_data,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=50,
        )
        "".join(name + value for name, value in pairs).encode()
    except ValueError:
        raise refused() from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise refused()
    return fields


def check_text(fields: Mapping[str, str]) -> str:
    """Return what is signed: the fields as ``name=value`` in order, one on a line."""
    return "\n".join(f"{name}={fields[name]}" for name in sorted(fields))


def fresh_data(fields: Mapping[str, str], *, digest: str, at: float | None) -> InitData:
    """Return what the fields say, once their signature is right and if they are not too old."""
    settings = telegram_settings()
    signed = fields.get("auth_date", "")
    if not (signed.isascii() and signed.isdigit() and len(signed) < 12):
        raise refused()
    age = timedelta(seconds=(time.time() if at is None else at) - int(signed))
    user = read_person(_json(fields.get("user", "")))
    if not -settings.CLOCK_SKEW <= age <= settings.MINI_APP_MAX_AGE or user is None or user.is_bot:
        raise refused()
    return InitData(
        user=user,
        signed_at=datetime.fromtimestamp(int(signed), tz=timezone.utc),
        start_param=fields.get("start_param", ""),
        digest=digest,
    )


def refused() -> ValidationError:
    """Return the one error for everything that is wrong."""
    wrong = ValidationError(_("Open the app in Telegram once more."), code="invalid_init_data")
    return ValidationError({"init_data": wrong})


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
