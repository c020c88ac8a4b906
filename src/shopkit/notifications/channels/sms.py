"""Text messages. Imported only where shopkit.sms is installed."""

import phonenumbers
from django.views.decorators.debug import sensitive_variables

from shopkit.notifications.conf import notifications_settings
from shopkit.notifications.errors import OutcomeUnknown, Undeliverable
from shopkit.notifications.recipients import Recipient
from shopkit.sms.errors import NumberRejected, SmsOutcomeUnknown, TextRejected
from shopkit.sms.segments import count_segments
from shopkit.sms.services import send_sms

from .base import NotificationChannel, Outgoing
from .templates import render

MOBILE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


class SmsChannel(NotificationChannel):
    """A text message in the words of the template sms.txt.

    most_parts -- a longer text is not sent, because each part is paid for
    """

    is_metered = True

    def __init__(self, *, most_parts: int = 3) -> None:
        if most_parts < 1:
            raise ValueError("most_parts must be at least 1.")
        self.most_parts = most_parts

    def address_of(self, recipient: Recipient) -> str:
        """Return the number, if it is a mobile phone's of a country that is served."""
        return recipient.phone if _is_served(recipient.phone) else ""

    @sensitive_variables()
    def deliver(self, message: Outgoing) -> None:
        """Hand it to the site's gateway."""
        text = " ".join(render(message, "sms.txt").split())
        if count_segments(text).parts > self.most_parts:
            raise Undeliverable
        try:
            send_sms(phone=message.destination, text=text)
        except SmsOutcomeUnknown as error:
            raise OutcomeUnknown from error
        except (NumberRejected, TextRejected) as error:
            raise Undeliverable from error


def _is_served(phone: str) -> bool:
    """Premium and foreign numbers are what fraud earns its money by."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return False
    countries = notifications_settings().COUNTRIES
    region = phonenumbers.region_code_for_number(number)
    is_near = countries is None or region in countries
    return is_near and phonenumbers.number_type(number) in MOBILE
