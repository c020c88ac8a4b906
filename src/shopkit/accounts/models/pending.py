"""Registrations whose address is not proven yet."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

REMEMBERED = timedelta(days=1)


class PendingRegistrationQuerySet(models.QuerySet["PendingRegistration"]):
    """Sets of registrations, judged by the database's clock."""

    def live(self) -> PendingRegistrationQuerySet:
        """Can still be finished."""
        return self.filter(expires_at__gt=Now())

    def over(self) -> PendingRegistrationQuerySet:
        """Reserve nothing any more."""
        return self.filter(expires_at__lte=Now())

    def forgettable(self) -> PendingRegistrationQuerySet:
        """Over for so long that they do not even count as somebody else's wish any more."""
        return self.filter(expires_at__lte=Now() - REMEMBERED)


class PendingRegistration(models.Model):
    """Somebody wants an account and has not proven his address yet; no user exists.

    A row is also made when the address is a user's already, and then it cannot be finished: so the
    username is reserved either way and nothing tells who is known.

    destination -- what is to be proven: E.164 or an e-mail address in lower case. It reserves
        nothing: any number may wait for one, each with a password of its own; the proof ends them
        all
    username_key -- the username without case; it is reserved while the row lives. Of several rows
        for one destination the newest holds it
    password -- hashed as the site hashes passwords
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    destination = models.CharField(_("destination"), max_length=254)
    username = models.CharField(_("username"), max_length=254, blank=True)
    username_key = models.CharField(max_length=1000, null=True, unique=True, editable=False)  # noqa: DJ001 - unique where there is one
    password = models.CharField(max_length=255, editable=False)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    address = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    expires_at = models.DateTimeField(_("expires at"))

    objects = PendingRegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending registration")
        verbose_name_plural = _("pending registrations")
        indexes = (
            models.Index(fields=("expires_at",), name="shopkit_pending_expiry"),
            models.Index(fields=("destination",), name="shopkit_pending_destination"),
        )

    def __str__(self) -> str:
        return str(self.pk)
