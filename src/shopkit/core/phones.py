"""Phone numbers: any usual spelling in, E.164 out. Parsing is libphonenumber's."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .conf import core_settings


def normalise_phone(text: str) -> str:
    """Return ``text`` as E.164, such as "+998901234567".

    A number without a country code is read as one of ``CORE["PHONE_REGION"]``.

    Raises ValidationError (code "invalid_phone") for what is not a possible, assigned number.
    """
    try:
        # The parser drops what it does not know at the end, and a NUL is nobody's spelling.
        number = None if "\x00" in text else phonenumbers.parse(text, core_settings().PHONE_REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number) or number.extension:
        raise ValidationError(
            _("Enter a valid phone number, such as +998 90 123 45 67."), code="invalid_phone"
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def mask_phone(phone: str) -> str:
    """Return what a log may hold: the last four digits."""
    return f"…{phone[-4:]}"
