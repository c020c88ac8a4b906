"""Side tables of the site's own user model."""

from .pending import PendingRegistration, PendingRegistrationQuerySet
from .people import Address, EmailAddress, PhoneNumber, Profile, TelegramAccount
from .sessions import (
    AuthSession,
    AuthSessionQuerySet,
    EndReason,
    SignInMethod,
    password_stamp,
)

__all__ = [
    "Address",
    "AuthSession",
    "AuthSessionQuerySet",
    "EmailAddress",
    "EndReason",
    "PendingRegistration",
    "PendingRegistrationQuerySet",
    "PhoneNumber",
    "Profile",
    "SignInMethod",
    "TelegramAccount",
    "password_stamp",
]
