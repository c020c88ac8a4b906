"""Who is signed in where."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _


class AuthSessionQuerySet(models.QuerySet["AuthSession"]):
    """Sets of sessions."""

    def alive(self) -> AuthSessionQuerySet:
        """Not ended, their refresh token not expired, by the database's clock."""
        return self.filter(ended_at=None, expires_at__gt=Now())

    def over(self, *, since: timedelta) -> AuthSessionQuerySet:
        """Their time was over that long ago, however they ended."""
        return self.filter(expires_at__lte=Now() - since)

    def of_user(self, user: Any) -> AuthSessionQuerySet:
        """The user's own."""
        return self.filter(user=user)


class EndReason(models.TextChoices):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed_out", _("signed out")
    REUSED = "reused", _("a used refresh token came back")
    PASSWORD_CHANGED = "password_changed", _("the password was changed")
    PROVEN_BY_OWNER = "proven_by_owner", _("somebody else proved to own the address")
    STAFF = "staff", _("ended by staff")


class SignInMethod(models.TextChoices):
    """What proved who it is."""

    PASSWORD = "password", _("password")
    TWO_FACTOR = "two_factor", _("password and code")
    TWO_CODES = "two_codes", _("two codes")
    CODE = "code", _("code")
    TELEGRAM = "telegram", _("Telegram")
    OTHER = "other", _("in another way")


class AuthSession(models.Model):
    """One sign-in on one device: the family of refresh tokens that follow from it.

    method -- how it began, at ``created_at``; a fresh code stands for a password that is not there
    token_hash -- of the one refresh token that works now; any other genuine one of this session
        was used before, so its coming back means that it was stolen
    password_stamp -- of the password it began under; see ``is_trusted``
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    token_hash = models.CharField(max_length=64, editable=False)
    password_stamp = models.CharField(max_length=64, editable=False)
    method = models.CharField(
        _("signed in by"),
        max_length=20,
        choices=SignInMethod.choices,
        default=SignInMethod.OTHER,
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    used_at = models.DateTimeField(_("last used at"), db_default=Now())
    expires_at = models.DateTimeField(_("expires at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(
        _("why it ended"), max_length=20, choices=EndReason.choices, blank=True
    )
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
            models.Index(fields=("expires_at",), name="shopkit_authsession_expiry"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="shopkit_authsession_end_has_reason",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    def is_trusted(self) -> bool:
        """Say whether its user may still act and has the password it began under.

        So a password changed anywhere (the admin, a shell) ends every session, as with Django's
        own; so does signing in with the old password while it is being changed.
        """
        return bool(self.user.is_active) and constant_time_compare(
            self.password_stamp, password_stamp(self.user)
        )


def password_stamp(user: Any) -> str:
    """Return what changes with the user's password and does not tell it."""
    return hashlib.sha256(user.get_session_auth_hash().encode()).hexdigest()
