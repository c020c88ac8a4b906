"""What people are told about their accounts, by e-mail or text message. Never a code."""

from collections.abc import Iterable
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import override

from shopkit.accounts.models import Profile
from shopkit.core.backends import load_callable
from shopkit.core.errors import BackendError
from shopkit.otp.models import Challenge

from .codes import SIGN_IN
from .contacts import email_of, phone_of

SMS = "shopkit.sms.services.send_sms"
TEMPLATES = "shopkit/accounts/notices"


def tell_known(*, challenge: UUID | str) -> None:
    """Tell the owner of an address that somebody wants to register with it."""
    found = Challenge.objects.filter(pk=challenge, purpose=SIGN_IN, is_decoy=True).first()
    if found is not None and found.payload.get("is_known"):
        _tell([found.destination], kind="known", language=found.language)


def welcome(*, user: str) -> None:
    """Greet a new user who has an e-mail address."""
    found = get_user_model()._default_manager.filter(pk=user).first()
    address = "" if found is None else email_of(found)
    if address:
        _tell([address], kind="welcome", language=_language_of(found))


def tell_change(*, user: str, kind: str, challenge: str) -> None:
    """Tell a user that something of his account was changed.

    kind -- "password", "phone", "email"
    challenge -- by which a phone or address was changed: the one before is told; "" for others
    """
    found = get_user_model()._default_manager.filter(pk=user).first()
    if found is None:
        return
    where = [one for one in (email_of(found), phone_of(found)) if one][:1]
    if challenge:
        rows = Challenge.objects.filter(pk=challenge)
        where = [str(payload.get("old", "")) for payload in rows.values_list("payload", flat=True)]
    _tell(where, kind=kind, language=_language_of(found))


def _language_of(user: Any) -> str:
    rows = Profile.objects.filter(user=user)
    return rows.values_list("language", flat=True).first() or ""


def _tell(destinations: Iterable[str], *, kind: str, language: str) -> None:
    with override(language or settings.LANGUAGE_CODE):
        subject = render_to_string(f"{TEMPLATES}/{kind}_subject.txt").strip()
        text = render_to_string(f"{TEMPLATES}/{kind}.txt").strip()
    for destination in destinations:
        if "@" in destination:
            _mail(destination, subject, text)
        elif apps.is_installed("shopkit.sms"):
            load_callable(SMS)(phone=destination, text=text)


def _mail(address: str, subject: str, text: str) -> None:
    try:
        send_mail(subject, f"{text}\n", None, [address])
    except (SMTPException, OSError) as error:
        raise BackendError from error
