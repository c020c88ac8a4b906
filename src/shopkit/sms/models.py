"""The record of a message: what became of it, and nothing of what it said."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import ExpressionWrapper
from django.db.models.functions import Length, Now
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from .statuses import DeliveryStatus


class MessageQuerySet(models.QuerySet["Message"]):
    """Sets of messages."""

    def behind(self, status: DeliveryStatus) -> MessageQuerySet:
        """Those for which ``status`` is news: a final status never changes."""
        return self.filter(status__in=status.earlier)

    def older_than(self, age: timedelta) -> MessageQuerySet:
        """Written down longer ago than ``age``, by the database's clock."""
        now = ExpressionWrapper(Now() - age, output_field=models.DateTimeField())
        return self.filter(created_at__lt=now)


class Message(models.Model):
    """One message that was handed to a gateway.

    Written before the gateway is called, so that a crash leaves "unknown" and not nothing. Its id
    is the reference that status callbacks bring back. Neither the text nor the phone is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone_ending = models.CharField(
        _("phone"), max_length=4, help_text=_("The last four digits of the number.")
    )
    segments = models.PositiveSmallIntegerField(
        _("segments"), help_text=_("How many SMS the text takes.")
    )
    backend = models.CharField(_("gateway"), max_length=50, blank=True)
    message_id = models.CharField(_("gateway's id"), max_length=100, blank=True)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=DeliveryStatus.choices,
        default=DeliveryStatus.UNKNOWN,
    )
    gateway_code = models.CharField(
        _("code"), max_length=40, blank=True, help_text=_("The gateway's word, or ours, for it.")
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    updated_at = models.DateTimeField(_("updated at"), db_default=Now())

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("created_at",), name="shopkit_sms_message_age"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=DeliveryStatus.values),
                name="shopkit_sms_message_status_known",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("phone_ending"), 4),
                name="shopkit_sms_message_no_whole_phone",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
