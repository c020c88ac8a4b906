"""Codes that accounts asks for: what each permits, and asking for one."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from shopkit.core.limits import client_address
from shopkit.otp import services as otp
from shopkit.otp.services import Issued

from .languages import language_at, language_of

# A registration is finished by the code that signs in, too: were they two kinds of code, the pause
# of the one and not of the other would tell who is known.
SIGN_IN = "sign_in"
TWO_FACTOR = "two_factor"
RESET = "reset"
CHANGE_PHONE = "phone"
CHANGE_EMAIL = "email"


def ask(  # noqa: PLR0913 - as ``issue``
    request: HttpRequest,
    *,
    purpose: str,
    channel: str,
    destination: str,
    user: Any = None,
    payload: dict[str, Any] | None = None,
    is_decoy: bool = False,
    asked_as: str = "",
) -> Issued:
    """Ask for a code in the name of whoever sent ``request``; see ``shopkit.otp.services.issue``.

    It is written in the language of the account that it goes to, else in that of the request.

    user -- whose reference ``verify`` gives back; None for nobody
    """
    own = language_at(destination) if user is None else language_of(user)
    return otp.issue(
        purpose=purpose,
        channel=channel,
        destination=destination,
        client_address=client_address(request),
        language=own or get_language_from_request(request),
        user_ref="" if user is None else str(user.pk),
        payload=payload,
        is_decoy=is_decoy,
        asked_as=asked_as,
    )


def channel_for(destination: str) -> str:
    """Return the channel that a destination is reached by when nobody chose one."""
    return "email" if "@" in destination else "sms"
