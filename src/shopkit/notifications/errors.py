"""How sending a message can fail, and what preferences refuse. No text holds an address."""

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import BackendError


class Undeliverable(BackendError):
    """This message will never arrive there: a dead number, a blocked bot. Not tried again."""

    code = "notification_undeliverable"
    message = _("The message could not be sent there.")


class OutcomeUnknown(BackendError):
    """The message may have arrived. Not sent a second time by itself."""

    code = "notification_outcome_unknown"
    message = _("It is not certain that the message was sent.")
