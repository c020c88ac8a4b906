"""Where a code may go: read in any usual spelling, refused where it would only cost money."""

import re
from typing import Literal

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from shopkit.core.phones import mask_phone, normalise_phone

from .conf import otp_settings

Kind = Literal["phone", "email", "telegram"]

CHAT = re.compile(r"telegram:[0-9]{1,19}")
LONGEST = 254
MOBILE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


def kind_of(destination: str) -> Kind:
    """Say what ``destination`` is meant to be."""
    if "@" in destination:
        return "email"
    return "telegram" if destination.startswith("telegram:") else "phone"


def normalise(destination: str) -> str:
    """Return ``destination`` in its one spelling: E.164, lower case, "telegram:<chat id>".

    Raises ValidationError for "phone" (invalid_phone), "email" or "destination" (invalid).
    """
    kind = kind_of(destination)
    if kind == "email":
        return _normalise_email(destination)
    if kind == "phone":
        try:
            return normalise_phone(destination)
        except ValidationError as error:
            raise ValidationError({"phone": error}) from error
    if not CHAT.fullmatch(destination):
        raise _no("destination", _("This is not a Telegram chat."), "invalid")
    return destination


def check_cost(phone: str) -> None:
    """Refuse a number that codes are not paid for: no mobile, or not in ``COUNTRIES``.

    Raises ValidationError for "phone": not_mobile, country_not_served.
    """
    number = phonenumbers.parse(phone)
    countries = otp_settings().COUNTRIES
    if countries is not None and phonenumbers.region_code_for_number(number) not in countries:
        raise _no("phone", _("We do not send codes to this country."), "country_not_served")
    if phonenumbers.number_type(number) not in MOBILE:
        raise _no("phone", _("Enter the number of a mobile phone."), "not_mobile")


def mask(destination: str) -> str:
    """Return what staff and logs may see: "…4567", "a…@example.com"."""
    name, at, host = destination.partition("@")
    return f"{name[:1]}…@{host}" if at else mask_phone(destination)


def _normalise_email(text: str) -> str:
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError({"email": error}) from error
    if len(address) > LONGEST:
        raise _no("email", _("Enter a valid email address."), "invalid")
    return address


def _no(field: str, text: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(text, code=code)})
