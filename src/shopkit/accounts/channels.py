"""Codes by e-mail, with a link where a link can answer them."""

from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_variables

from shopkit.core.errors import BackendError
from shopkit.otp.channels.base import CodeMessage
from shopkit.otp.channels.email import EmailChannel
from shopkit.otp.errors import Undeliverable
from shopkit.otp.models import Challenge

from .conf import accounts_settings
from .services.codes import SIGN_IN
from .services.passwordless import link_token


class AccountEmailChannel(EmailChannel):
    """The e-mail of one-time codes; one that signs in carries a link besides.

    Its words are the templates shopkit/accounts/code.txt and code.html. Of a registration it says
    by what username, so that nobody confirms a stranger's unawares.
    """

    @sensitive_variables()
    def deliver(self, message: CodeMessage) -> None:
        """Hand it to the site's mail server."""
        values = {"code": message.code, "minutes": message.minutes, "link": _link_of(message)}
        values |= _registration_of(message)
        with override(message.language or settings.LANGUAGE_CODE):
            subject = _("Your code")
            text = render_to_string("shopkit/accounts/code.txt", values)
            page = render_to_string("shopkit/accounts/code.html", values)
        try:
            send_mail(subject, text, None, [message.destination], html_message=page)
        except SMTPRecipientsRefused as error:
            raise Undeliverable from error
        except (SMTPException, OSError) as error:
            raise BackendError from error


@sensitive_variables()
def _link_of(message: CodeMessage) -> str:
    page = accounts_settings().CONFIRM_URL
    if message.purpose != SIGN_IN or not page:
        return ""
    return f"{page}?token={link_token(challenge=message.challenge, code=message.code)}"


def _registration_of(message: CodeMessage) -> dict[str, object]:
    """Return whether the code finishes a registration, and by what username, "" for none chosen."""
    if message.purpose != SIGN_IN or not message.challenge:
        return {"is_registration": False, "username": ""}
    # Not from the registration: that is stored when the code is already on its way.
    rows = Challenge.objects.filter(pk=message.challenge)
    payload = rows.values_list("payload", flat=True).first() or {}
    return {
        "is_registration": bool(payload.get("registration")),
        "username": str(payload.get("username", "")),
    }
