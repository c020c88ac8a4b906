"""Challenges, and the counters that bound them."""

from __future__ import annotations

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

UNSPENT = Q(consumed_at=None, voided_at=None)


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    """Sets of challenges, judged by the database's clock."""

    def unspent(self) -> ChallengeQuerySet:
        """Neither answered nor withdrawn; their time may be over."""
        return self.filter(UNSPENT)

    def live(self) -> ChallengeQuerySet:
        """Can still be answered, as far as time goes."""
        return self.unspent().filter(expires_at__gt=Now())

    def overdue(self) -> ChallengeQuerySet:
        """Unspent, their time over."""
        return self.unspent().filter(expires_at__lte=Now())

    def guessable(self) -> ChallengeQuerySet:
        """Live, and a guess is left."""
        return self.live().filter(attempts__lt=F("max_attempts"))


class Challenge(models.Model):
    """Somebody was asked for a code. The code itself is not here: see ``shopkit.otp.codes``.

    purpose -- what a right answer permits, in the words of who asked: "sign_in"
    destination -- E.164, an e-mail address in lower case, or "telegram:<chat id>"
    asked_as -- what pauses and budgets are counted for: the destination, or the name that was given
        for it
    nonce, key_id, length -- what the code is derived from, with the server key of that id
    handle -- digits that find the challenge where nobody names its id; unique among unspent ones
    is_decoy -- asked for in the name of nobody we know: like any other, but never sent, never right
    user_ref, payload -- what the asker wants back with a right answer
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(_("purpose"), max_length=50)
    channel = models.CharField(_("channel"), max_length=30)
    destination = models.CharField(_("destination"), max_length=254)
    asked_as = models.CharField(max_length=254, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=35, blank=True)
    nonce = models.CharField(max_length=32, editable=False)
    key_id = models.CharField(max_length=50, editable=False)
    length = models.PositiveSmallIntegerField(editable=False)
    handle = models.CharField(max_length=10, blank=True, editable=False)
    is_decoy = models.BooleanField(default=False, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveSmallIntegerField(_("attempts allowed"))
    user_ref = models.CharField(max_length=100, blank=True, editable=False)
    payload = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder, editable=False)
    client_address = models.CharField(_("network address"), max_length=50, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    resend_at = models.DateTimeField(_("next one possible at"))
    expires_at = models.DateTimeField(_("expires at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    send_error = models.CharField(_("error in sending"), max_length=100, blank=True)
    consumed_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    voided_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("destination",), name="shopkit_challenge_destination"),
            models.Index(fields=("asked_as",), name="shopkit_challenge_asked_as"),
            models.Index(fields=("user_ref",), condition=UNSPENT, name="shopkit_challenge_of_user"),
            models.Index(fields=("expires_at",), name="shopkit_challenge_expiry"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("purpose", "destination"),
                condition=UNSPENT,
                name="shopkit_challenge_one_live",
            ),
            models.UniqueConstraint(
                fields=("handle",),
                condition=UNSPENT & ~Q(handle=""),
                name="shopkit_challenge_handle_once",
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("max_attempts")),
                name="shopkit_challenge_attempts_bounded",
            ),
            models.CheckConstraint(
                condition=Q(consumed_at=None) | Q(voided_at=None),
                name="shopkit_challenge_consumed_xor_voided",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="shopkit_challenge_expires_later",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(channel="") & ~Q(destination="") & ~Q(nonce=""),
                name="shopkit_challenge_not_blank",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class BudgetQuerySet(models.QuerySet["Budget"]):
    """Sets of counters, judged by the database's clock."""

    def over(self) -> BudgetQuerySet:
        """Their window has ended, so they count nothing any more."""
        return self.filter(ends_at__lte=Now())


class Budget(models.Model):
    """How often something was done in the window that is running.

    scope -- what is counted: "address", "destination", "prefix", "channel", "guesses"
    key -- whose: the address, number, block of numbers or channel
    seconds -- length of the window, which begins with the first use after the last one ended
    """

    scope = models.CharField(_("what is counted"), max_length=20)
    key = models.CharField(_("whose"), max_length=254, blank=True)
    seconds = models.PositiveIntegerField(_("window in seconds"))
    used = models.PositiveIntegerField(_("used"))
    ends_at = models.DateTimeField(_("window ends at"))

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ("scope", "key", "seconds")
        indexes = (
            models.Index(fields=("ends_at",), name="shopkit_budget_end"),
            # Whoever proves who he is has all that was counted under his name forgotten.
            models.Index(fields=("key",), name="shopkit_budget_key"),
        )
        constraints = (
            models.UniqueConstraint(fields=("scope", "key", "seconds"), name="shopkit_budget_once"),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="shopkit_budget_seconds_gt_0"),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.pk}"
