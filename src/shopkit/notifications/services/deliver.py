"""Sending one message: claimed by a compare-and-set, sent without a lock, its outcome written down.

A process that dies while it sends leaves "being sent" behind. Whether the message left is not known
then, and so it is not sent again by itself.
"""

import logging
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from shopkit.core.backends import load_callable
from shopkit.core.conf import facts_settings
from shopkit.core.errors import BackendError
from shopkit.core.purge import delete_all
from shopkit.notifications.channels.base import NotificationChannel, Outgoing
from shopkit.notifications.channels.loading import address_of, load_channel
from shopkit.notifications.conf import notifications_settings
from shopkit.notifications.errors import OutcomeUnknown, Undeliverable
from shopkit.notifications.facts import notification_due
from shopkit.notifications.kinds import KINDS
from shopkit.notifications.models import Event, Message
from shopkit.notifications.recipients import Recipient, find

from .budgets import has_room, key_of
from .outgoing import outgoing_of
from .preferences import wishes_of

logger = logging.getLogger("shopkit.notifications")

State = Message.State
STATUS_OF = "shopkit.notifications.buyers.status_of"


def deliver_message(pk: UUID | str, *, is_retry: bool = False) -> None:
    """Send a message that waits; one that is sent, being sent or over is left alone.

    Call it outside of transactions: it waits for the network.

    is_retry -- staff want it sent, however old it is

    Raises BackendError when it certainly did not leave; it waits for the next call then. Whatever
    else a channel raises is raised too, and leaves it as "perhaps sent".
    """
    message = Message.objects.select_related("event").filter(pk=pk).first()
    if message is None or _was_abandoned(message) or message.state != State.WAITING:
        return
    recipient = find(message.recipient)
    reason = _why_not(message, recipient, is_retry=is_retry)
    if recipient is None or reason:
        _end(message, State.WAITING, State.DROPPED, reason)
        return
    channel = load_channel(message.channel)
    outgoing = outgoing_of(message, channel.address_of(recipient))
    if _claim(message, recipient, outgoing.destination, is_metered=channel.is_metered):
        _send(message, channel, outgoing)


def retry_messages(pks: Collection[UUID]) -> int:
    """Have messages that were not sent, or perhaps not, sent once more; return how many.

    For staff, who know whether one that was perhaps sent has arrived. Announces
    ``notification_due`` for each.
    """
    again = (State.WAITING, State.UNKNOWN, State.FAILED, State.DROPPED)
    with transaction.atomic():
        left = Message.objects.abandoned(facts_settings().LEASE / 2).filter(pk__in=pks)
        _finish(left, State.UNKNOWN, "interrupted")
        chosen = Message.objects.select_for_update().filter(pk__in=pks, state__in=again)
        found = list(chosen.order_by("pk").values_list("pk", flat=True))
        Message.objects.filter(pk__in=found).update(state=State.WAITING, reason="", ended_at=None)
        for pk in found:
            notification_due.announce(message_id=str(pk), is_retry=1)
    return len(found)


def forget_events() -> int:
    """Delete events older than ``KEEP`` with their messages and inbox rows; return how many."""
    return delete_all(Event.objects.older_than(notifications_settings().KEEP))


def _was_abandoned(message: Message) -> bool:
    """Give up a message whose sender died; say whether it was one.

    Its fact comes back when the lease is over, and a channel answers in much less than half of it.
    """
    if message.state != State.SENDING:
        return False
    left = Message.objects.abandoned(facts_settings().LEASE / 2).filter(pk=message.pk)
    return bool(_finish(left, State.UNKNOWN, "interrupted"))


def _why_not(message: Message, recipient: Recipient | None, *, is_retry: bool) -> str:
    """Return why a message is no longer wanted, as a code; "" when it is."""
    if recipient is None:
        return "nobody"
    if not address_of(recipient, message.channel):
        return "no_address"
    if not wishes_of(recipient.user).wants(message.event.kind, message.channel):
        return "not_wanted"
    if _is_over(message.event):
        return "over"
    old = Event.objects.older_than(notifications_settings().MAX_AGE)
    if not is_retry and old.filter(pk=message.event_id).exists():
        return "too_old"
    return ""


def _is_over(event: Event) -> bool:
    """Say whether what the event tells is no longer true of its order."""
    kind = KINDS.get(event.kind)
    about, _, number = event.about.partition(":")
    if kind is None or not kind.over or about != "order":
        return False
    return load_callable(STATUS_OF)(number) in kind.over


def _claim(message: Message, recipient: Recipient, destination: str, *, is_metered: bool) -> bool:
    """Make the message ours to send, within the budgets; say whether it is."""
    key = key_of(destination)
    waiting = Message.objects.waiting().filter(pk=message.pk)
    with transaction.atomic():
        if not has_room(
            message, destination_key=key, is_guest=recipient.is_guest, is_metered=is_metered
        ):
            _finish(waiting, State.DROPPED, "limited")
            return False
        return bool(
            waiting.update(
                state=State.SENDING,
                attempts=F("attempts") + 1,
                claimed_at=Now(),
                destination_key=key,
                reason="",
            )
        )


def _send(message: Message, channel: NotificationChannel, outgoing: Outgoing) -> None:
    try:
        channel.send(outgoing)
    except Undeliverable as error:
        _end(message, State.SENDING, State.FAILED, _code_of(error))
    except OutcomeUnknown as error:
        _end(message, State.SENDING, State.UNKNOWN, _code_of(error))
    except BackendError as error:
        sending = Message.objects.sending().filter(pk=message.pk)
        sending.update(state=State.WAITING, reason=_code_of(error))
        raise
    except ValueError:
        # A channel refuses before it sends what no channel can send.
        _end(message, State.SENDING, State.FAILED, "refused")
        logger.exception("Message %s was refused by its channel.", message.pk)
    except Exception:
        _end(message, State.SENDING, State.UNKNOWN, "error")
        raise
    else:
        _end(message, State.SENDING, State.SENT, "")


def _end(message: Message, start: State, end: State, reason: str) -> None:
    _finish(Message.objects.filter(pk=message.pk, state=start), end, reason)
    logger.info("Message %s: %s %s", message.pk, end.value, reason)


def _finish(rows: "QuerySet[Message]", end: State, reason: str) -> int:
    return rows.update(state=end, reason=reason[:100], ended_at=Now())


def _code_of(error: BackendError) -> str:
    """Return the code of what the channel met; its cause says more than its kind."""
    cause = error.__cause__
    return str(getattr(cause, "code", "") or error.code)
