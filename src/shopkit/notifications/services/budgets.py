"""How many messages may go to an address that nobody has proven, and through what costs money."""

from datetime import timedelta

from django.utils.crypto import salted_hmac

from shopkit.core.locks import hold
from shopkit.core.rates import Rate, rates
from shopkit.notifications.conf import notifications_settings
from shopkit.notifications.models import Message, MessageQuerySet

SALT = "shopkit.notifications.destination"


def key_of(destination: str) -> str:
    """Return what an address is counted by: a hash that only this site can make."""
    return salted_hmac(SALT, destination.lower(), algorithm="sha256").hexdigest()


def has_room(message: Message, *, destination_key: str, is_guest: bool, is_metered: bool) -> bool:
    """Say whether one more message may go out. The counts are held until the transaction ends.

    Call it inside the transaction that claims the message.
    """
    settings = notifications_settings()
    channel = Message.objects.filter(channel=message.channel).exclude(pk=message.pk)
    there = channel.filter(destination_key=destination_key)
    names = [f"notifications:to:{destination_key}"] if is_guest else []
    names += [f"notifications:by:{message.channel}"] if is_metered else []
    hold(*names)
    if is_guest and not _fit(there, rates(settings.GUEST_PER_DESTINATION)):
        return False
    return not is_metered or _fit(channel, rates(settings.METERED_PER_CHANNEL))


def _fit(rows: MessageQuerySet, limits: list[Rate]) -> bool:
    return all(
        rows.claimed_within(timedelta(seconds=limit.seconds)).order_by()[: limit.most].count()
        < limit.most
        for limit in limits
    )
