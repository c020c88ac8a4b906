"""A member of staff decides about a new order from the chat.

Imported only where shopkit.orders is installed. Being in the chat grants nothing: a press acts as
the user who has proven to own that Telegram account, with that user's permissions.
"""

import logging
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from shopkit.core.backends import load_callable
from shopkit.core.errors import Refusal
from shopkit.notifications.conf import notifications_settings
from shopkit.notifications.contacts import contacts_of
from shopkit.notifications.kinds import STATUSES
from shopkit.notifications.languages import choose_language
from shopkit.orders.models import Order
from shopkit.orders.moves import allowed_from
from shopkit.orders.services import cancel_order, move_order

logger = logging.getLogger("shopkit.notifications")

Action = Literal["confirm", "cancel"]
PERMISSION = "shopkit_orders.move_order"
OF_ACCOUNTS = "shopkit.notifications.people.user_of"
REASON = "Telegram"


@dataclass(frozen=True, kw_only=True)
class Press:
    """A button that somebody pressed.

    chat_id -- where; None when Telegram no longer knows
    language -- what the person's Telegram speaks; may be empty
    """

    number: str
    action: Action
    telegram_id: int
    chat_id: int | None
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a press came to.

    text -- for who pressed, in that person's language
    order -- as it stands afterwards; None for a press that grants nothing
    is_done -- the order was moved by this very press
    """

    text: str
    order: Order | None = None
    is_done: bool = False


def decide(press: Press) -> Verdict:
    """Do what ``press`` asks for, if its owner may; again changes nothing.

    A refusal is told, not raised: the press is over either way.
    """
    user = _user_of(press.telegram_id)
    language = choose_language(contacts_of(user).language if user else "", press.language)
    with override(language):
        if not (_is_staff_chat(press.chat_id) and _may(user)):
            logger.warning("A press of Telegram user %s was not allowed.", press.telegram_id)
            return Verdict(text=_("You may not do this."))
        return _move(press.number, press.action, user)


def next_of_placed() -> str:
    """Return the status that confirming a new order leads to, "" where the site has none."""
    ends = allowed_from(Order.Status.PLACED)
    return next((end for end in ends if end != Order.Status.CANCELLED), "")


def status_words(status: str) -> str:
    """Return a status in the words of the active language."""
    return str(STATUSES.get(status, status))


def _move(number: str, action: Action, user: Any) -> Verdict:
    """Only a new order is decided about, once; one that is further is shown as it is."""
    with transaction.atomic():
        found = Order.objects.filter(number=number).values_list("pk", flat=True).first()
        if found is None:
            return Verdict(text=_("There is no such order."))
        order = Order.objects.locked(found)
        is_done = order.status == Order.Status.PLACED and _is_moved(order, action, user)
        order.refresh_from_db()
    values = {"number": order.number, "status": status_words(order.status)}
    told = _("Order %(number)s: %(status)s") % values
    if not is_done:
        told = _("Nothing was changed. Order %(number)s: %(status)s") % values
    return Verdict(text=told, order=order, is_done=is_done)


def _is_moved(order: Order, action: Action, user: Any) -> bool:
    """Move the order, whose row is locked; say whether the site's table of moves allows it."""
    confirmed = next_of_placed()
    try:
        if action == "confirm":
            # Without a status named, the usual next step is taken, which may be to cancel.
            if not confirmed:
                return False
            move_order(order.pk, to=confirmed, by="staff", actor=user, reason=REASON)
        else:
            cancel_order(order.pk, by="staff", actor=user, reason=REASON)
    except Refusal:
        return False
    return True


def _user_of(telegram_id: int) -> Any:
    path = notifications_settings().STAFF_USER
    if path is None and not apps.is_installed("shopkit.accounts"):
        return None
    return load_callable(path or OF_ACCOUNTS)(telegram_id)


def _is_staff_chat(chat_id: int | None) -> bool:
    return chat_id is not None and chat_id == notifications_settings().STAFF_CHAT_ID


def _may(user: Any) -> bool:
    """The permission that the same move needs over HTTP; asked afresh at every press."""
    if user is None or not (user.is_active and getattr(user, "is_staff", False)):
        return False
    return bool(user.has_perm(PERMISSION))
