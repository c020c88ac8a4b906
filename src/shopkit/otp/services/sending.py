"""Bringing the code to its destination."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models.functions import Now
from django.views.decorators.debug import sensitive_variables

from shopkit.core.errors import BackendError
from shopkit.otp.channels.base import CodeMessage
from shopkit.otp.channels.loading import channel_paths, load_channel
from shopkit.otp.codes import KeyRetired, derive
from shopkit.otp.errors import OutcomeUnknown, Undeliverable
from shopkit.otp.models import Challenge

from .clock import left_until


@sensitive_variables("message")
def send(*, challenge: UUID | str) -> bool:
    """Send the code of a live challenge that was not sent yet; say whether it has left.

    Safe to run twice: what was sent stays sent. A crash between the gateway's answer and our note
    of it sends the same code again; that is the price of never losing one. Call it neither in a
    transaction nor in a request: it waits for a network.

    Also for whoever has just made a destination reachable, by linking its Telegram chat for
    instance.

    Raises BackendError when trying again may help; the delivery of facts does so.
    """
    rows = Challenge.objects.filter(pk=challenge, sent_at=None, is_decoy=False)
    found: Any = rows.live().annotate(left=left_until("expires_at")).first()
    if found is None or found.channel not in channel_paths():
        return False
    try:
        message = _message_of(found, left=found.left)
        load_channel(found.channel).send(message)
    except KeyRetired:
        return _note(found, error=KeyRetired)
    except Undeliverable as error:
        return _note(found, error=type(error.__cause__ or error))
    except OutcomeUnknown as error:
        return _note(found, error=type(error.__cause__ or error), is_sent=True)
    except BackendError as error:
        _note(found, error=type(error.__cause__ or error))
        # What the error or its cause says may repeat the message, and would end in a log.
        raise BackendError from None
    return _note(found, is_sent=True)


@sensitive_variables()
def _message_of(challenge: Challenge, *, left: timedelta) -> CodeMessage:
    return CodeMessage(
        destination=challenge.destination,
        code=derive(challenge),
        handle=challenge.handle,
        purpose=challenge.purpose,
        language=challenge.language,
        minutes=-(-left // timedelta(minutes=1)),
        challenge=str(challenge.pk),
    )


def _note(
    challenge: Challenge, *, error: type[BaseException] | None = None, is_sent: bool = False
) -> bool:
    """Write the name of an error only: what a gateway says may repeat the message."""
    rows = Challenge.objects.filter(pk=challenge.pk)
    rows.update(
        send_error="" if error is None else error.__name__[:100],
        **({"sent_at": Now()} if is_sent else {}),
    )
    return is_sent
