"""Settings: the example project, impatient, with a slow gateway for text messages."""

from datetime import timedelta

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, OUTBOX, SHOPKIT

# A site in production answers a bug with problem+json, so nothing may hide behind a debug page.
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
USE_HTTPS = SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # it is not hashing we measure
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.warehouse.Warehouse"]
BY_HAND = ("offline", "bank")  # gateways of the desk do nothing with DEBUG off
SHOPKIT = {
    **SHOPKIT,
    "PAYMENTS": {"PROVIDERS": {code: SHOPKIT["PAYMENTS"]["PROVIDERS"][code] for code in BY_HAND}},
    # What a killed worker had claimed comes back after the lease; five minutes are too long here.
    "FACTS": {
        **SHOPKIT["FACTS"],
        "LEASE": timedelta(seconds=10),
        "SWEEP_EVERY": timedelta(seconds=2),
        # A worker that is killed again and again with the same row must not have it parked.
        "PAUSES": (1,) * 30,
    },
    "SMS": {
        "BACKEND": "tests.faults.warehouse.SlowSms",
        "OPTIONS": {"path": str(OUTBOX / "sms.jsonl")},
    },
}
