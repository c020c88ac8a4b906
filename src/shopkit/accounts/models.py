"""Side tables of the site's own user model."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Profile(models.Model):
    """What we know of a user beyond the site's user model.

    language -- "uz", "kaa", "ru", "en"; empty for the site's default
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    language = models.CharField(_("language"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return str(self.user_id)


class AuthSessionQuerySet(models.QuerySet["AuthSession"]):
    """Sets of sessions."""

    def alive(self) -> AuthSessionQuerySet:
        """Not ended, their refresh token not expired, by the database's clock."""
        return self.filter(ended_at=None, expires_at__gt=Now())


class AuthSession(models.Model):
    """One sign-in on one device: the family of refresh tokens that follow from it.

    token_hash -- of the one refresh token that works now; any other genuine one of this session
        was used before, so its coming back means that it was stolen
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    token_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    used_at = models.DateTimeField(_("last used at"), db_default=Now())
    expires_at = models.DateTimeField(_("expires at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=20, blank=True)
    agent = models.CharField(_("device"), max_length=300, blank=True)
    address = models.CharField(_("network address"), max_length=50, blank=True)

    objects = AuthSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-created_at",)
        indexes = (
            models.Index(
                fields=("user",), condition=Q(ended_at=None), name="shopkit_authsession_open"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
