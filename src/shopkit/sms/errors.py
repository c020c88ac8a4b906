"""Why a message did not go out. None of these repeats the phone, the text or a secret."""

import re

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import BackendError, Forbidden


def short_code(text: str) -> str:
    """Return ``text`` if it is a short code, else "": prose may repeat the message."""
    return text if re.fullmatch(r"[A-Za-z0-9_]{1,20}", text) else ""


class SmsError(BackendError):
    """A gateway did not confirm a message.

    gateway_code -- the gateway's own short code for logs, such as "21211", or ""
    """

    code = "sms_failed"
    message = _("The text message could not be sent.")

    def __init__(self, *, gateway_code: str = "", retry_after: int | None = None) -> None:
        super().__init__()
        if retry_after is not None:
            self.details = {"retry_after": retry_after}
        self.gateway_code = short_code(gateway_code)


class SmsNotAccepted(SmsError):
    """The gateway certainly did not take the message; another one may be asked."""

    code = "sms_not_accepted"


class SmsUnavailable(SmsNotAccepted):
    """Not now: unreachable, busy, too many requests. The same call may succeed later.

    details: {"retry_after": seconds} where the gateway said so.
    """

    code = "sms_unavailable"
    message = _("Text messages cannot be sent at the moment. Try again later.")


class NumberRejected(SmsNotAccepted):
    """The gateway cannot or may not reach this number."""

    code = "sms_number_rejected"
    message = _("Text messages cannot be sent to this number.")


class TextRejected(SmsNotAccepted):
    """The gateway does not take this text: no approved template, or too long."""

    code = "sms_text_rejected"


class NoCredit(SmsNotAccepted):
    """The account with the gateway is out of money."""

    code = "sms_no_credit"


class AccountRejected(SmsNotAccepted):
    """The gateway refuses the account, its password or its sender name: a setting is wrong."""

    code = "sms_account_rejected"


class SmsOutcomeUnknown(SmsError):
    """The gateway may have taken the message. Never send it again by itself."""

    code = "sms_outcome_unknown"
    message = _("It is not certain that the text message was sent.")


class CallbackRefused(Forbidden):
    """A status callback without the right signature or secret."""


class GatewayUnknown(LookupError):
    """No configured backend has the name that a callback was sent to."""
