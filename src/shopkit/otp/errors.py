"""What one-time codes refuse, and how sending one can fail."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import BackendError


class InvalidCode(ValidationError):
    """Wrong, expired, used, unknown, for something else or of somebody else: never told apart.

    The attempt was counted, for good, before this was raised. Code "invalid_code", HTTP 400.
    """

    def __init__(self) -> None:
        text = _("This code is not valid. Check it, or ask for a new one.")
        super().__init__(text, code="invalid_code")


class Undeliverable(BackendError):
    """This message will never arrive there: a dead number, a blocked bot. Not tried again."""

    code = "otp_undeliverable"
    message = _("The code could not be sent there.")


class OutcomeUnknown(BackendError):
    """The message may have arrived. Not sent a second time by itself."""

    code = "otp_outcome_unknown"
    message = _("It is not certain that the code was sent.")
