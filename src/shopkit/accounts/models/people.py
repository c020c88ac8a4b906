"""Side tables of the site's own user model: who somebody is, and how he was proven to be."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _


class ProfileQuerySet(models.QuerySet["Profile"]):
    """Sets of profiles."""

    def of_destination(self, destination: str) -> ProfileQuerySet:
        """Of whoever has proven a phone or e-mail address, in its one spelling."""
        found: Any = PhoneNumber.objects.filter(number=destination)
        if "@" in destination:
            found = EmailAddress.objects.filter(address=destination)
        return self.filter(user__in=found.values("user"))


class Profile(models.Model):
    """What we know of a user beyond the site's user model.

    language -- "uz", "kaa", "ru", "en"; empty for the site's default
    photo -- re-encoded by us
    two_factor -- channel of the code that is asked for after the password: "sms", "telegram",
        "email"; empty for none
    username_key -- the username without case. Unique, so that of two people who take "Anna" and
        "anna" at once one is refused by the database; empty for users we did not name ourselves
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        primary_key=True,
        verbose_name=_("user"),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    photo = models.ImageField(_("photo"), upload_to="shopkit/people/", blank=True)
    two_factor = models.CharField(_("second factor"), max_length=30, blank=True)
    username_key = models.CharField(max_length=1000, null=True, unique=True, editable=False)  # noqa: DJ001 - unique where there is one

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return str(self.user_id)


class PhoneNumber(models.Model):
    """A number whose holder has proven to be this user. Unproven ones are not stored here.

    number -- E.164; it identifies one user
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        primary_key=True,
        verbose_name=_("user"),
    )
    number = models.CharField(_("phone"), max_length=16, unique=True)
    verified_at = models.DateTimeField(_("verified at"), db_default=Now())

    class Meta:
        verbose_name = _("phone number")
        verbose_name_plural = _("phone numbers")

    def __str__(self) -> str:
        return f"…{self.number[-4:]}"


class EmailAddress(models.Model):
    """An address whose holder has proven to be this user. Unproven ones are not stored here.

    address -- in lower case; it identifies one user
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        primary_key=True,
        verbose_name=_("user"),
    )
    address = models.EmailField(_("e-mail"), max_length=254, unique=True)
    verified_at = models.DateTimeField(_("verified at"), db_default=Now())

    class Meta:
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")
        constraints = (
            models.CheckConstraint(
                condition=Q(address=Lower("address")),
                name="shopkit_emailaddress_lower_case",
            ),
        )

    def __str__(self) -> str:
        return str(self.user_id)


class TelegramAccount(models.Model):
    """The Telegram account whose holder has proven to be this user.

    telegram_id -- of the person; it identifies one user
    chat_id -- the private chat with the bot; null when only the Mini App was used
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        primary_key=True,
        verbose_name=_("user"),
    )
    telegram_id = models.BigIntegerField(_("Telegram id"), unique=True)
    chat_id = models.BigIntegerField(_("chat"), null=True, blank=True)
    linked_at = models.DateTimeField(_("linked at"), db_default=Now())

    class Meta:
        verbose_name = _("Telegram account")
        verbose_name_plural = _("Telegram accounts")

    def __str__(self) -> str:
        return str(self.telegram_id)


class Address(models.Model):
    """An entry of a user's address book."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    label = models.CharField(_("label"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=100)
    street = models.CharField(_("street"), max_length=300)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ("-is_default", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(is_default=True),
                name="shopkit_address_one_default",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(latitude__gte=-90, latitude__lte=90),
                name="shopkit_address_latitude",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None) | Q(longitude__gte=-180, longitude__lte=180),
                name="shopkit_address_longitude",
            ),
        )

    def __str__(self) -> str:
        return f"{self.city}, {self.street}"
