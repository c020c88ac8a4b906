"""One-time codes by text message and nothing else: no users, no HTTP API, no admin."""

from tests.settings import *  # noqa: F403

INSTALLED_APPS = ["shopkit.core", "shopkit.sms", "shopkit.otp"]
MIDDLEWARE: list[str] = []
TEMPLATES: list[object] = []
ROOT_URLCONF = "tests.sites.otp_sms.urls"
SHOPKIT = {
    "FACTS": {"DELIVERY": "sync"},
    "SMS": {"BACKEND": "shopkit.sms.backends.memory.MemoryBackend"},
}
