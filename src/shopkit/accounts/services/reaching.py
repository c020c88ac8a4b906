"""Bringing a notice to somebody: what arrives perhaps is not repeated, what never can is let go."""

from smtplib import SMTPException, SMTPRecipientsRefused

from django.apps import apps
from django.core.mail import send_mail
from django.db import transaction

from shopkit.accounts.conf import accounts_settings
from shopkit.core.backends import load_callable
from shopkit.core.errors import BackendError
from shopkit.otp.services.budgets import purses, refund, spend
from shopkit.sms.errors import SmsError, SmsUnavailable
from shopkit.sms.templates import notice_text
from shopkit.telegram.errors import TelegramError, TelegramUnavailable

# Their rows exist only where the app is installed.
SMS = "shopkit.sms.services.send_sms"
BOT = "shopkit.telegram.services.send_message"


def mail(address: str, *, subject: str, body: str) -> None:
    """Send a mail. Raises BackendError when trying again may help."""
    try:
        send_mail(subject, f"{body}\n", None, [address])
    except SMTPRecipientsRefused:
        return
    except (SMTPException, OSError) as error:
        raise BackendError from error


def text(phone: str, *, kind: str, language: str) -> None:
    """Send a text message in the words of ``SMS["NOTICES"]``; none where there are no words.

    It costs money, so a number gets no more than ``NOTICES_PER_PHONE``.

    Raises BackendError when trying again may help.
    """
    words = notice_text(kind=kind, language=language)
    if not words or not apps.is_installed("shopkit.sms"):
        return
    counted = purses("notices", phone, accounts_settings().NOTICES_PER_PHONE)
    with transaction.atomic():
        wait = spend(counted)
    if wait:
        return
    try:
        load_callable(SMS)(phone=phone, text=words)
    except SmsUnavailable:
        # Nothing has left: were each try counted, a gateway that is away would end them all.
        with transaction.atomic():
            refund(counted)
        raise
    except SmsError:
        return


def say_by_bot(chat: str, words: str) -> None:
    """Let the bot say it.

    chat -- "telegram:<chat id>"

    Raises BackendError when trying again may help.
    """
    if not apps.is_installed("shopkit.telegram"):
        return
    try:
        load_callable(BOT)(chat_id=int(chat.partition(":")[2]), text=words)
    except TelegramUnavailable:
        raise
    except TelegramError:
        return
