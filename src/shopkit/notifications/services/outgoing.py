"""A stored message in the words and with the buttons it is sent with."""

from urllib.parse import quote

from django.apps import apps

from shopkit.core.backends import load_callable
from shopkit.notifications.channels.base import Buttons, Outgoing
from shopkit.notifications.conf import notifications_settings
from shopkit.notifications.kinds import KINDS
from shopkit.notifications.models import Event, Message
from shopkit.notifications.words import words_of

# What the buttons need; each of them may be missing.
NEEDED = ("shopkit.orders", "shopkit.telegram")
BUTTONS_OF = "shopkit.notifications.staff_buttons.buttons_of"


def outgoing_of(message: Message, destination: str) -> Outgoing:
    """Return ``message`` ready to be sent to ``destination``, in its language."""
    event = message.event
    words = words_of(event.kind, event.params, language=message.language)
    return Outgoing(
        id=str(message.pk),
        destination=destination,
        kind=event.kind,
        language=message.language,
        title=words.title,
        text=words.text,
        short=words.short,
        values=words.values,
        url=_url_of(event),
        buttons=_buttons_of(event, message.language),
    )


def _url_of(event: Event) -> str:
    page = notifications_settings().ORDER_URL
    about, _, number = event.about.partition(":")
    kind = KINDS.get(event.kind)
    if not page or about != "order" or kind is None or kind.is_staff:
        return ""
    return page.replace("{number}", quote(number, safe=""))


def _buttons_of(event: Event, language: str) -> Buttons:
    """Return the buttons of a new order, where somebody answers a press."""
    if event.kind != "staff_order_placed" or not all(apps.is_installed(app) for app in NEEDED):
        return ()
    found: Buttons = load_callable(BUTTONS_OF)(event.about.partition(":")[2], language)
    return found
