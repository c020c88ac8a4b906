"""Keys that are published with the demo, and must not leave it."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

# Environment variable: the value that the demo uses when it is not set.
DEMO_KEYS = {
    "SECRET_KEY": "demo-secret-key-that-everybody-can-read-in-the-repository",
    "TELEGRAM_BOT_TOKEN": "1234567890:demo-token",
    "TELEGRAM_WEBHOOK_SECRET": "demo-telegram-secret",
}


def read_keys(environment: Mapping[str, str], *, debug: bool) -> dict[str, str]:
    """Return the value of every key of ``DEMO_KEYS``.

    Raises ImproperlyConfigured outside DEBUG, naming each key that is missing or left at its
    published value.
    """
    keys = {name: environment.get(name) or published for name, published in DEMO_KEYS.items()}
    left = [name for name, value in keys.items() if value == DEMO_KEYS[name]]
    if left and not debug:
        raise ImproperlyConfigured(
            f"Set {', '.join(left)}: with DEBUG off the demo's published values are refused."
        )
    return keys
