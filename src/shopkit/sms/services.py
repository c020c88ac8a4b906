"""Sending text messages, and following what became of them."""

import logging
import re
from uuid import UUID

from django.db.models.functions import Now
from django.views.decorators.debug import sensitive_variables

from shopkit.core.backends import load_backend
from shopkit.core.purge import delete_all

from .backends.base import Sent, SmsBackend, check_message
from .callbacks import StatusCallback
from .conf import sms_settings
from .errors import GatewayUnknown, SmsError, SmsNotAccepted, short_code
from .models import Message
from .segments import count_segments
from .statuses import DeliveryStatus

logger = logging.getLogger("shopkit.sms")


def sms_backend() -> SmsBackend:
    """Return the configured backend. Raises ImproperlyConfigured."""
    settings = sms_settings()
    return load_backend({"BACKEND": settings.BACKEND, "OPTIONS": settings.OPTIONS}, base=SmsBackend)


@sensitive_variables()
def send_sms(*, phone: str, text: str) -> Sent:
    """Send ``text`` through the configured gateway and keep a record without number and text.

    Waits for a network: call it neither in a transaction nor in a request. It sends once; whoever
    calls it may try again after SmsUnavailable and must not after SmsOutcomeUnknown.

    phone -- E.164: "+998901234567"
    text -- as the gateway has approved it, see ``sms_text``

    Raises ValueError for a bad phone or text, SmsNotAccepted or one of its subclasses when the
    message certainly did not go out, SmsOutcomeUnknown when it may have.
    """
    check_message(phone=phone, text=text)
    backend = sms_backend()
    message = Message.objects.create(
        phone_ending=phone[-4:], segments=count_segments(text).parts, backend=backend.name
    )
    try:
        sent = backend.send(phone=phone, text=text, reference=str(message.pk))
    except SmsError as error:
        _note_failure(message, error)
        raise
    _note_sent(message, sent)
    return sent


def _note_sent(message: Message, sent: Sent) -> None:
    rows = Message.objects.filter(pk=message.pk)
    rows.update(backend=sent.backend[:50], message_id=_short_id(sent.message_id), updated_at=Now())
    # The callback may have been faster.
    rows.behind(sent.status).update(status=sent.status)
    logger.info("Message %s was taken by %s.", message.pk, sent.backend)


def _note_failure(message: Message, error: SmsError) -> None:
    rows = Message.objects.filter(pk=message.pk)
    is_certain = isinstance(error, SmsNotAccepted)
    status = DeliveryStatus.FAILED if is_certain else DeliveryStatus.UNKNOWN
    code = error.gateway_code or error.code.removeprefix("sms_")
    rows.filter(status=DeliveryStatus.UNKNOWN).update(
        status=status, gateway_code=code, updated_at=Now()
    )
    logger.warning("Message %s: %s (%s).", message.pk, error.code, error.gateway_code or "-")


def note_status(backend_name: str, callback: StatusCallback) -> bool:
    """Write down what a gateway tells about a message; say whether it was news.

    Late, repeated and unknown news change nothing. Nothing but the record depends on it: what a
    gateway says afterwards never decides about a code or an account.

    Raises GatewayUnknown when no configured gateway has this name, CallbackRefused, or
    ValidationError.
    """
    backend = next((one for one in sms_backend().members() if one.name == backend_name), None)
    if backend is None or not backend_name:
        raise GatewayUnknown
    update = backend.read_status(callback)
    if (reference := _uuid_of(update.reference)) is None:
        return False
    rows = Message.objects.filter(pk=reference).behind(update.status)
    changes = {"status": update.status, "backend": backend.name, "updated_at": Now()}
    changes["gateway_code"] = short_code(update.gateway_code)
    if message_id := _short_id(update.message_id):
        changes["message_id"] = message_id
    return bool(rows.update(**changes))


def forget_messages() -> int:
    """Delete the records that are older than ``SMS["KEEP_FOR"]``; return how many."""
    return delete_all(Message.objects.older_than(sms_settings().KEEP_FOR).order_by())


def _uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _short_id(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_.:-]{1,100}", text) else ""
