"""Settings of the test suite: all apps, on SQLite or on the PostgreSQL that DATABASE_URL names.

SHOPKIT_TEST_DATABASE -- "sqlite" (default) or "postgres"
SHOPKIT_ATOMIC_REQUESTS -- "1" wraps every request of the site in a transaction
SHOPKIT_TEST_SUFFIX -- keeps the databases of two runs at once apart
SHOPKIT_TEST_CACHE -- "1" remembers the catalogue's answers; see tests/catalog/conftest.py
"""

import os
import tempfile
import zlib
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote, urlsplit

ENGINE = os.environ.get("SHOPKIT_TEST_DATABASE", "sqlite")
SUFFIX = os.environ.get("SHOPKIT_TEST_SUFFIX", "")
ATOMIC_REQUESTS = os.environ.get("SHOPKIT_ATOMIC_REQUESTS") == "1"


def database() -> dict[str, Any]:
    """Return the one database."""
    if ENGINE == "sqlite":
        # A file, not memory: the race tests need several connections. Two checkouts have two files.
        checkout = zlib.crc32(__file__.encode())
        name = os.path.join(tempfile.gettempdir(), f"shopkit-test-{checkout:x}{SUFFIX}.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "TEST": {"NAME": name},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    url = urlsplit(os.environ["DATABASE_URL"])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/") or "postgres",
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "TEST": {"NAME": f"test_shopkit{SUFFIX}"},
        "OPTIONS": {
            # What a test has committed need not outlive a power cut.
            "options": "-c lock_timeout=20000 -c statement_timeout=60000 -c synchronous_commit=off"
            " -c idle_in_transaction_session_timeout=120000"
        },
    }


DATABASES = {"default": {**database(), "ATOMIC_REQUESTS": ATOMIC_REQUESTS}}

SECRET_KEY = "tests-only-0123456789-0123456789-0123456789"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
ROOT_URLCONF = "tests.urls"
STATIC_URL = "/static/"
MEDIA_ROOT = os.path.join(  # two checkouts, and two runs at once, have two
    tempfile.gettempdir(), f"shopkit-test-media-{zlib.crc32(__file__.encode()):x}{SUFFIX}"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "mptt",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    *(["drf_spectacular_sidecar"] if find_spec("drf_spectacular_sidecar") else []),  # an extra
    "shopkit.core",
    "shopkit.catalog",
    "shopkit.inventory",
    "shopkit.pricing",
    "shopkit.cart",
    "shopkit.orders",
    "shopkit.payments",
    "shopkit.reviews",
    "shopkit.sms",
    "shopkit.telegram",
    "shopkit.otp",
    "shopkit.accounts",
    "shopkit.notifications",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "shopkit.accounts.api.authentication.SessionTokenAuthentication"
    ]
}
SHOPKIT: dict[str, Any] = {
    "CORE": {"CURRENCY": "UZS"},
    "FACTS": {"DELIVERY": "sync"},
    "CATALOG": {
        "AVAILABILITY": "shopkit.inventory.availability.StockAvailability",
        "LIKED": "shopkit.reviews.services.liked_by",
    },
    "SMS": {"BACKEND": "shopkit.sms.backends.memory.MemoryBackend"},
    "TELEGRAM": {
        "BACKEND": "shopkit.telegram.backends.memory.MemoryBackend",
        "BOT_TOKEN": "123456789:AAMadeUpBotTokenForTests_000000000000",
        "BOT_USERNAME": "shopkit_test_bot",
        "WEBHOOK_SECRET": "tests-only-webhook-secret",
    },
}

if os.environ.get("SHOPKIT_TEST_CACHE") == "1":
    CACHES = {
        name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
        for name in ("default", "answers")
    }
    SHOPKIT["CATALOG"]["CACHE"] = "answers"
    SILENCED_SYSTEM_CHECKS = ["shopkit.catalog.W001"]  # the suite is one process
