"""Telling: an event is written down once, with the inboxes and the messages it leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from shopkit.core.inserts import insert_if_new
from shopkit.notifications.channels.loading import address_of, ways_of
from shopkit.notifications.facts import notification_due
from shopkit.notifications.models import Event, Message, Notification
from shopkit.notifications.recipients import Recipient

from .preferences import Wishes, wishes_of


@dataclass(frozen=True, kw_only=True)
class News:
    """Something that people are told of.

    kind -- key of ``kinds.KINDS``
    key -- unique among the news of that kind, from the fact: an order's pk, a move's, a crossing's
    about -- what it is about: "order:7K3M9-QX2TD"
    params -- see ``shopkit.notifications.words``
    at -- when it happened; None for now
    """

    kind: str
    key: str
    about: str
    params: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def tell(news: News, recipients: Sequence[Recipient]) -> bool:
    """Have ``recipients`` told, each once however often this is called; say whether it was news.

    A user finds it in his inbox, and is sent a message by every way of the kind that reaches him
    and that he wants. What is sent afterwards fails or waits for itself alone. Announces
    ``notification_due`` for each message.
    """
    event = Event(
        key=f"{news.kind}:{news.key}",
        kind=news.kind,
        about=news.about,
        params=dict(news.params),
        at=news.at or timezone.now(),
    )
    messages = [one for recipient in recipients for one in _messages(event, recipient)]
    with transaction.atomic():
        # The one place where two who tell the same meet; the second waits here, and stops.
        if not insert_if_new(event):
            return False
        event = Event.objects.get(key=event.key)
        Notification.objects.bulk_create(
            Notification(user=recipient.user, event=event)
            for recipient in recipients
            if recipient.user is not None
        )
        for message in messages:
            message.event = event
        Message.objects.bulk_create(messages)
        for message in messages:
            notification_due.announce(message_id=str(message.pk))
    return True


def _messages(event: Event, recipient: Recipient) -> list[Message]:
    wishes = wishes_of(recipient.user)
    chosen = (_choose(way, event.kind, recipient, wishes) for way in ways_of(event.kind))
    return [
        Message(
            event=event,
            recipient=recipient.ref,
            user=recipient.user,
            channel=channel,
            language=recipient.language,
        )
        for channel in dict.fromkeys(filter(None, chosen))
    ]


def _choose(way: Sequence[str], kind: str, recipient: Recipient, wishes: Wishes) -> str:
    """Return the first channel of a way that reaches somebody who wants it, or ""."""
    wanted = (name for name in way if wishes.wants(kind, name))
    return next((name for name in wanted if address_of(recipient, name)), "")
