"""Updates come in: stored once, whatever Telegram repeats."""

import hashlib
import json
import logging
import math
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from shopkit.core.inserts import insert_if_new
from shopkit.core.purge import delete_all
from shopkit.telegram.conf import telegram_settings
from shopkit.telegram.facts import update_received
from shopkit.telegram.models import Update
from shopkit.telegram.updates import LARGEST_ID, kind_of

logger = logging.getLogger("shopkit.telegram")

DEEPEST = 64


def receive_update(raw: bytes) -> bool:
    """Store the body of a webhook call whose sender is already proven; say whether it was new.

    A body that is no update is stored too, as a row that says so and holds none of it: Telegram
    would send a refused one again for a day and hold back what comes after it.
    """
    payload = _read(raw)
    if payload is not None:
        return take_update(payload)
    digest = hashlib.sha256(raw).hexdigest()
    logger.warning("A Telegram update of %d bytes could not be read.", len(raw))
    Update.objects.create(
        kind="unreadable",
        handled_at=Now(),
        last_error=f"Not an update: {len(raw)} bytes, SHA-256 {digest}",
    )
    return False


def take_update(payload: Mapping[str, Any]) -> bool:
    """Store an update and have it handled after commit; say whether it was new.

    For updates that came another way than our webhook: long polling, a bot framework of the site.

    payload -- as the Bot API gives it

    Raises ValueError for what is no update. Announces ``update_received`` for a new one.
    """
    if not _is_update(payload):
        raise ValueError("payload must be a Bot API update.")
    row = Update(update_id=payload["update_id"], kind=kind_of(payload), payload=dict(payload))
    with transaction.atomic():
        is_new = insert_if_new(row)
        if is_new:
            update_received.announce(update_id=payload["update_id"])
    return is_new


def forget_updates() -> int:
    """Delete updates older than ``KEEP``, handled or not; return how many."""
    return delete_all(Update.objects.older_than(telegram_settings().KEEP).order_by())


def _read(raw: bytes) -> dict[str, Any] | None:
    """Return the update in ``raw``, or None for anything else."""
    try:
        body = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) and _is_update(body) else None


def _is_update(payload: Mapping[str, Any]) -> bool:
    number = payload.get("update_id")
    if not isinstance(number, int) or isinstance(number, bool):
        return False
    return 0 <= number <= LARGEST_ID and _is_storable(payload, DEEPEST)


def _is_storable(value: Any, depth: int) -> bool:
    """Say whether every engine's JSON column takes it: no NUL, lone surrogate, NaN, great depth."""
    if isinstance(value, str):
        return _is_text(value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        return depth > 0 and all(_is_storable(inner, depth - 1) for inner in value)
    return True


def _is_text(value: str) -> bool:
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:
        return False
