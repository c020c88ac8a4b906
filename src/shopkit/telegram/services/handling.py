"""Stored updates are given to the handlers, each once as far as it is in our hands."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from shopkit.core.backends import load_callable
from shopkit.telegram.conf import telegram_settings
from shopkit.telegram.facts import update_received
from shopkit.telegram.masking import masked
from shopkit.telegram.models import Update
from shopkit.telegram.updates import IncomingUpdate, read_update

from .chats import note_chat


def handle_update(update_id: int, *, is_retry: bool = False) -> None:
    """Give a stored update to the handlers; one that is handled, or gone, is left alone.

    What a handler raises is written down with the update and raised again, so that the update comes
    back after a pause. Once handled, the row keeps the update without phone numbers and codes.

    update_id -- Telegram's
    is_retry -- staff want it now, however old it is
    """
    waiting = Update.objects.waiting().filter(update_id=update_id)
    if not waiting.update(attempts=F("attempts") + 1):
        return
    settings = telegram_settings()
    too_old = f"Given up: not handled within {settings.MAX_AGE}."
    if not is_retry and waiting.older_than(settings.MAX_AGE).update(last_error=too_old):
        return
    row = waiting.first()
    if row is None:
        return
    try:
        handler = _handled(read_update(row.payload, bot_username=settings.BOT_USERNAME))
    except Exception as error:
        waiting.update(last_error=f"{type(error).__name__}: {error}"[:2000])
        raise
    waiting.update(
        handled_at=Now(), handler=handler[:200], last_error="", payload=masked(row.payload)
    )


def route(update: IncomingUpdate) -> str:
    """Ask the handlers in turn; return the dotted path of who took ``update``, or ""."""
    for path in telegram_settings().HANDLERS:
        if load_callable(path)(update):
            return path
    return ""


def retry_updates(update_ids: Collection[int]) -> int:
    """Have updates that wait or were given up handled once more, at once; return how many.

    Announces ``update_received`` for each.
    """
    waiting = Update.objects.waiting().filter(update_id__in=update_ids)
    with transaction.atomic():
        found = list(waiting.values_list("update_id", flat=True))
        for update_id in found:
            update_received.announce(update_id=int(update_id or 0), is_retry=1)
    return len(found)


def _handled(update: IncomingUpdate) -> str:
    note_chat(update)
    return route(update)
