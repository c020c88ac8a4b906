"""Codes by e-mail, through Django's mail settings."""

from collections.abc import Collection
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import ClassVar

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_variables

from shopkit.core.errors import BackendError
from shopkit.otp.destinations import Kind
from shopkit.otp.errors import Undeliverable

from .base import CodeMessage, OtpChannel


class EmailChannel(OtpChannel):
    """An e-mail from DEFAULT_FROM_EMAIL. The code stands in the body only."""

    kinds: ClassVar[Collection[Kind]] = frozenset({"email"})

    @sensitive_variables()
    def deliver(self, message: CodeMessage) -> None:
        """Hand it to the site's mail server."""
        with override(message.language or settings.LANGUAGE_CODE):
            subject = _("Your code")
            body = _(
                "Your code: %(code)s\n\nIt is good for %(minutes)d minutes. Do not tell it to "
                "anyone. If you did not ask for it, ignore this message.\n"
            ) % {"code": message.code, "minutes": message.minutes}
        try:
            send_mail(subject, body, None, [message.destination])
        except SMTPRecipientsRefused as error:
            raise Undeliverable from error
        except (SMTPException, OSError) as error:
            raise BackendError from error
