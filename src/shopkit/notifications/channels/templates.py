"""The texts of channels are Django templates, so that a site can write its own."""

from typing import Any

from django.template.loader import select_template
from django.utils.translation import override

from shopkit.notifications.conf import notifications_settings

from .base import Outgoing

FOLDER = "shopkit/notifications"


def render(message: Outgoing, name: str) -> str:
    """Return the template ``name`` filled in with ``message``, in its language.

    A template of the kind's own, "shopkit/notifications/order_placed/<name>", goes before the one
    for all kinds, "shopkit/notifications/<name>".
    """
    found = select_template([f"{FOLDER}/{message.kind}/{name}", f"{FOLDER}/{name}"])
    with override(message.language):
        return str(found.render(_context(message)))


def _context(message: Outgoing) -> dict[str, Any]:
    return {
        "kind": message.kind,
        "language": message.language,
        "title": message.title,
        "text": message.text,
        "short": message.short,
        "values": message.values,
        "url": message.url,
        "preferences_url": notifications_settings().PREFERENCES_URL,
    }
