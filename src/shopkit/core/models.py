"""Rows that every app may need: announced facts on their way, answers already given."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Sets of deliveries, judged by the database's clock."""

    def pending(self) -> DeliveryQuerySet:
        """Neither delivered nor parked."""
        return self.filter(delivered_at=None, parked_at=None)

    def due(self) -> DeliveryQuerySet:
        """Pending, and their pause or lease is over."""
        return self.pending().filter(due_at__lte=Now())

    def tried_before(self, answer: bool) -> DeliveryQuerySet:  # noqa: FBT001 - reads as a question
        """Claimed at least once already, or never yet."""
        return self.filter(attempts__gt=0) if answer else self.filter(attempts=0)

    def parked(self) -> DeliveryQuerySet:
        """Given up after the last try; they wait for a person."""
        return self.exclude(parked_at=None)


class Delivery(models.Model):
    """One announced fact on its way to one subscriber: a row of the outbox.

    Written in the transaction of what happened, so that the news and the change are stored
    together or not at all. ``due_at`` is both the pause before the next try and the lease of
    whoever is trying now.
    """

    fact = models.CharField(_("fact"), max_length=100)
    subscriber = models.CharField(_("subscriber"), max_length=200)
    ids = models.JSONField(_("ids"), help_text=_("What the subscriber is called with."))
    announced_at = models.DateTimeField(_("announced at"), db_default=Now())
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a fact")
        verbose_name_plural = _("deliveries of facts")
        ordering = ("pk",)
        indexes = (
            # The relay asks for due rows every few seconds; delivered ones are the many.
            models.Index(
                fields=("due_at",),
                condition=Q(delivered_at=None, parked_at=None),
                name="shopkit_delivery_due",
            ),
            # The few that staff look for among the many.
            models.Index(
                fields=("parked_at",),
                condition=Q(parked_at__isnull=False),
                name="shopkit_delivery_parked",
            ),
            # The purge walks them from the oldest.
            models.Index(
                fields=("delivered_at",),
                condition=Q(delivered_at__isnull=False),
                name="shopkit_delivery_delivered",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(parked_at=None),
                name="shopkit_delivery_delivered_or_parked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.fact} → {self.subscriber}"


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    """Sets of remembered keys."""

    def expired(self) -> IdempotencyKeyQuerySet:
        """No longer promised to be replayed."""
        return self.filter(expires_at__lte=Now())


class IdempotencyKey(models.Model):
    """A client's key for one call, and the answer that call was given.

    principal -- hash of who asked: a user or a guest's token
    route -- which call the key belongs to
    fingerprint -- hash of the validated body; the same key with another body is refused
    body -- the stored answer without secrets; empty while the call runs
    running_until -- lease of a call that is committed before it ends, because it talks to the
        world outside; None for one that runs in a single transaction
    attempt -- counts the take-overs of such a call, so that who lost it no longer writes
    """

    principal = models.CharField(_("principal"), max_length=64)
    route = models.CharField(_("route"), max_length=100)
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    body = models.TextField(_("body"), blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    running_until = models.DateTimeField(_("running until"), null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    expires_at = models.DateTimeField(_("expires at"))

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = (
            models.UniqueConstraint(
                fields=("principal", "route", "key"), name="shopkit_idempotencykey_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="shopkit_idempotencykey_expires_later",
            ),
        )
        indexes = (models.Index(fields=("expires_at",), name="shopkit_idempotency_expiry"),)

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
