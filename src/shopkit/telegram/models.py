"""What Telegram sent, and in which chats the bot may write."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class UpdateQuerySet(models.QuerySet["Update"]):
    """Sets of updates, judged by the database's clock."""

    def waiting(self) -> UpdateQuerySet:
        """Stored and not handled; also those that failed."""
        return self.filter(handled_at=None)

    def older_than(self, age: timedelta) -> UpdateQuerySet:
        """Received longer ago than ``age``."""
        return self.filter(received_at__lt=Now() - age)


class Update(models.Model):
    """One update of the bot, stored before Telegram is answered.

    update_id -- Telegram's, unique per bot; None for a body that could not be read
    payload -- as it came while it waits; once handled, without what identifies a person
    handler -- dotted path of who took it; empty when nobody wanted it
    """

    update_id = models.BigIntegerField(_("update id"), unique=True, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=50, blank=True)
    payload = models.JSONField(_("payload"), default=dict)
    received_at = models.DateTimeField(_("received at"), db_default=Now())
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    handler = models.CharField(_("handler"), max_length=200, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ("-pk",)
        indexes = (models.Index(fields=("received_at",), name="shopkit_update_received"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(update_id__isnull=False) | Q(handled_at__isnull=False),
                name="shopkit_update_unreadable_is_done",
            ),
        )

    def __str__(self) -> str:
        return f"{self.update_id or '?'} {self.kind}"


class ChatLinkQuerySet(models.QuerySet["ChatLink"]):
    """Sets of chats."""

    def reachable(self) -> ChatLinkQuerySet:
        """The bot may write there, as far as we know."""
        return self.filter(is_dead=False)


class ChatLink(models.Model):
    """A private chat that a person opened with the bot. Which customer it is, others know.

    chat_id -- in a private chat also the person's Telegram user id; up to 52 bits
    language -- what the person's Telegram speaks, as IETF tag: "uz", "ru", "en-US"; may be empty
    is_dead -- the person blocked the bot; writing to it again wakes the link
    """

    chat_id = models.BigIntegerField(_("chat id"), unique=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    is_dead = models.BooleanField(_("blocked the bot"), default=False)
    opened_at = models.DateTimeField(_("opened at"), db_default=Now())
    changed_at = models.DateTimeField(_("changed at"), db_default=Now())

    objects = ChatLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("chat")
        verbose_name_plural = _("chats")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return str(self.chat_id)
