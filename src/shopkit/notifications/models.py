"""What happened that people are told of, the inbox, and every message on its way to somebody."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
    """Sets of events, judged by the database's clock."""

    def older_than(self, age: timedelta) -> EventQuerySet:
        """Those that happened longer ago than ``age``."""
        return self.filter(at__lt=Now() - age)


class Event(models.Model):
    """One thing that people are told of. Its words are made when somebody reads or is sent them.

    key -- unique, from the fact that told us: a fact that is told twice finds its row
    about -- what it is about: "order:7K3M9-QX2TD", "user:5", "variant:7"
    params -- what the words are filled with, as it was then; see ``shopkit.notifications.words``
    at -- when it happened, not when we heard of it
    """

    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    about = models.CharField(_("about"), max_length=100)
    params = models.JSONField(_("values"), default=dict)
    at = models.DateTimeField(_("at"))

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("at",), name="shopkit_event_age"),
            models.Index(fields=("about",), name="shopkit_event_about"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Sets of notifications."""

    def of_user(self, user: Any) -> NotificationQuerySet:
        """The inbox of a signed-in user."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> NotificationQuerySet:
        """Those that nobody has looked at."""
        return self.filter(read_at=None)


class Notification(models.Model):
    """An event in the inbox of a user."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="notifications", verbose_name=_("event")
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("user", "event"), name="shopkit_notification_once"),
        )
        indexes = (
            models.Index(fields=("user", "-id"), name="shopkit_notification_of_user"),
            models.Index(
                fields=("user", "-id"),
                condition=Q(read_at=None),
                name="shopkit_notification_unread",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.event_id}"

    @property
    def is_read(self) -> bool:
        """Whether its owner has looked at it."""
        return self.read_at is not None


class MessageQuerySet(models.QuerySet["Message"]):
    """Sets of messages, judged by the database's clock."""

    def waiting(self) -> MessageQuerySet:
        """Not sent yet; also those that failed and are tried again."""
        return self.filter(state=Message.State.WAITING)

    def sending(self) -> MessageQuerySet:
        """Some process is handing them over, or died while it did."""
        return self.filter(state=Message.State.SENDING)

    def unfinished(self) -> MessageQuerySet:
        """Those that have not come to an end."""
        return self.filter(ended_at=None)

    def abandoned(self, after: timedelta) -> MessageQuerySet:
        """Those whose sender has not said for so long what came of it."""
        return self.sending().filter(claimed_at__lte=Now() - after)

    def claimed_within(self, age: timedelta) -> MessageQuerySet:
        """Those that began to be sent within ``age``; what budgets count."""
        return self.filter(claimed_at__gt=Now() - age)


class Message(models.Model):
    """One event on its way to one recipient through one channel.

    Neither the text nor the address is stored: the one is made from the event, the other looked up
    when the message is sent, so that it goes where its recipient is reached by then.

    recipient -- "user:5"; "order:7K3M9-QX2TD" for whoever ordered without signing in; "staff", and
        "staff:" with an address of the staff
    user -- who it is, so that his messages go with him
    destination_key -- keyed hash of where it went, by which budgets count
    reason -- why it was not sent, as a short code
    """

    class State(models.TextChoices):
        """From waiting to sending and to exactly one end; back to waiting when nothing was sent."""

        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNKNOWN = "unknown", _("perhaps sent")
        FAILED = "failed", _("cannot be sent")
        DROPPED = "dropped", _("not wanted any more")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="messages", verbose_name=_("event")
    )
    recipient = models.CharField(_("recipient"), max_length=300)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    channel = models.CharField(_("channel"), max_length=30)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    reason = models.CharField(_("reason"), max_length=100, blank=True)
    destination_key = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    claimed_at = models.DateTimeField(_("tried at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("event", "recipient", "channel"), name="shopkit_message_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "sending"), ended_at=None)
                | Q(state__in=("sent", "unknown", "failed", "dropped"), ended_at__isnull=False),
                name="shopkit_message_ends_once",
            ),
            models.CheckConstraint(
                condition=~Q(recipient="") & ~Q(channel=""), name="shopkit_message_not_blank"
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="shopkit_message_newest"),
            # Budgets count these two ways.
            models.Index(
                fields=("destination_key", "claimed_at"), name="shopkit_message_destination"
            ),
            models.Index(fields=("channel", "claimed_at"), name="shopkit_message_channel"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Preference(models.Model):
    """A user's own choice about one kind and one channel; where there is none, the site's holds."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=30)
    is_enabled = models.BooleanField(_("wanted"))
    changed_at = models.DateTimeField(_("changed at"), db_default=Now())

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        ordering = ("user", "kind", "channel")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "kind", "channel"), name="shopkit_preference_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.channel}"
