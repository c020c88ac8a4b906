"""Use cases of notifications: telling, sending, the inbox, preferences.

What is told about an app's news stands in a module of that app's name, imported by its receivers.
"""

from .deliver import deliver_message, forget_events, retry_messages
from .inbox import read_all, read_one
from .preferences import Choice, change_preferences, preferences_of
from .tell import News, tell

__all__ = [
    "Choice",
    "News",
    "change_preferences",
    "deliver_message",
    "forget_events",
    "preferences_of",
    "read_all",
    "read_one",
    "retry_messages",
    "tell",
]
