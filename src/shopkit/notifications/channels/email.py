"""Mail with a text and an HTML part, through Django's mail settings."""

from contextlib import suppress
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from typing import Any

from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email

from shopkit.core.errors import BackendError
from shopkit.notifications.conf import notifications_settings
from shopkit.notifications.errors import OutcomeUnknown, Undeliverable
from shopkit.notifications.recipients import Recipient

from .base import NotificationChannel, Outgoing
from .templates import render


class EmailChannel(NotificationChannel):
    """A mail from DEFAULT_FROM_EMAIL, or from ``sender``.

    Its words are the templates email_subject.txt, email.txt and email.html.

    sender -- "Shop <shop@example.com>"
    reply_to -- address that answers go to
    """

    def __init__(self, *, sender: str = "", reply_to: str = "") -> None:
        self.sender = sender
        self.reply_to = reply_to

    def address_of(self, recipient: Recipient) -> str:
        """Return the address, if it is one: what a guest typed may have come by another way."""
        try:
            validate_email(recipient.email)
        except ValidationError:
            return ""
        return recipient.email

    def deliver(self, message: Outgoing) -> None:
        """Hand it to the site's mail server."""
        letter = self._letter(message)
        server = _server()
        try:
            server.open()
        except (SMTPException, OSError) as error:
            raise BackendError from error
        try:
            server.send_messages([letter])
        except (SMTPException, OSError, ValueError) as error:
            raise _meaning_of(error) from error
        finally:
            # The letter is there or not, whatever comes of saying goodbye.
            with suppress(SMTPException, OSError):
                server.close()

    def _letter(self, message: Outgoing) -> EmailMultiAlternatives:
        letter = EmailMultiAlternatives(
            subject=" ".join(render(message, "email_subject.txt").split()),
            body=render(message, "email.txt"),
            from_email=self.sender or None,
            to=[message.destination],
            reply_to=[self.reply_to] if self.reply_to else None,
            headers=_headers(message),
        )
        letter.attach_alternative(render(message, "email.html"), "text/html")
        return letter


def _headers(message: Outgoing) -> dict[str, str]:
    """Say that a program wrote it, so that no program answers; a repetition is known by its id."""
    page = notifications_settings().PREFERENCES_URL
    return {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Shopkit-Kind": message.kind,
        "X-Entity-Ref-ID": message.id,
        **({"List-Unsubscribe": f"<{page}>"} if page else {}),
    }


def _server() -> Any:
    """Return the site's way of sending mail; Django 6.1 and later call it a mailer."""
    mailers = getattr(mail, "mailers", None)
    return mail.get_connection() if mailers is None else mailers.default


def _meaning_of(error: Exception) -> BackendError:
    """Say what is known once the connection stood: the server's own no is certain.

    5xx to the address or the letter is for good; anything else may be otherwise later.
    """
    if isinstance(error, ValueError):  # what stands in the address is no address
        return Undeliverable()
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return Undeliverable() if all(code >= 500 for code in codes) else BackendError()
    if isinstance(error, SMTPDataError) and error.smtp_code >= 500:
        return Undeliverable()
    is_broken_off = isinstance(error, SMTPServerDisconnected) or not isinstance(
        error, SMTPException
    )
    return OutcomeUnknown() if is_broken_off else BackendError()
