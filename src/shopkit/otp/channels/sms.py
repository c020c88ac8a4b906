"""Codes by text message, in the words of ``SHOPKIT["SMS"]["TEMPLATES"]``."""

from django.views.decorators.debug import sensitive_variables

from shopkit.otp.conf import otp_settings
from shopkit.otp.errors import OutcomeUnknown, Undeliverable
from shopkit.sms.errors import SmsNotAccepted, SmsOutcomeUnknown, SmsUnavailable
from shopkit.sms.services import send_sms
from shopkit.sms.templates import sms_text

from .base import CodeMessage, OtpChannel


class SmsChannel(OtpChannel):
    """A text message; it costs money and can be read by whoever took the number over."""

    is_metered = True

    @sensitive_variables()
    def deliver(self, message: CodeMessage) -> None:
        """Hand it to the site's gateway."""
        try:
            send_sms(phone=message.destination, text=_text_of(message))
        except SmsOutcomeUnknown as error:
            raise OutcomeUnknown from error
        except SmsUnavailable:
            raise
        except SmsNotAccepted as error:
            raise Undeliverable from error


def _text_of(message: CodeMessage) -> str:
    text = sms_text(
        purpose=message.purpose,
        language=message.language,
        code=message.code,
        minutes=str(message.minutes),
    )
    host = otp_settings().WEBOTP_DOMAIN
    # WICG "Origin-bound one-time codes": the last line, one blank, nothing before the @.
    return f"{text}\n\n@{host} #{message.code}" if host else text
