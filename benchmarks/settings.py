"""The shop as it is measured: every app, PostgreSQL, Redis, no DEBUG, one gunicorn in front.

SHOPKIT_BENCH_DATABASE_URL -- of the loaded database; the harness sets it
REDIS_URL -- carts and cache stand there, under keys of the benchmark's own
SHOPKIT_BENCH_CACHE -- "1" turns the catalogue's cache on
SHOPKIT_BENCH_SEARCH -- dotted path of the search backend; PostgreSQL's full text
SHOPKIT_BENCH_FACTS -- how facts are delivered; "manual" means that other processes do it
"""

import os
from dataclasses import fields
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from shopkit.catalog.conf import CatalogSettings

URL = urlsplit(os.environ["SHOPKIT_BENCH_DATABASE_URL"])
REDIS_URL = os.environ["REDIS_URL"]
KEYS = f"shopkit-bench:{URL.path.lstrip('/')}"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": URL.path.lstrip("/"),
        "USER": unquote(URL.username or ""),
        "PASSWORD": unquote(URL.password or ""),
        "HOST": URL.hostname or "",
        "PORT": str(URL.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c lock_timeout=10000 -c statement_timeout=30000",
            # PostgreSQL plans a statement that it has seen five times no more.
            "server_side_binding": True,
            "prepare_threshold": 5,
        },
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": KEYS,
    }
}

SECRET_KEY = "benchmarks-only-0123456789-0123456789-0123456789"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
ROOT_URLCONF = "benchmarks.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_URL = "/media/"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "mptt",
    "rest_framework",
    "django_filters",
    "shopkit.core",
    "shopkit.catalog",
    "shopkit.inventory",
    "shopkit.pricing",
    "shopkit.cart",
    "shopkit.orders",
    "shopkit.payments",
    "shopkit.sms",
    "shopkit.telegram",
    "shopkit.otp",
    "shopkit.accounts",
    "shopkit.notifications",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "shopkit.accounts.api.authentication.SessionTokenAuthentication"
    ]
}


def catalog() -> dict[str, Any]:
    """Return the catalogue's section; the cache is switched where this version has one."""
    section: dict[str, Any] = {"AVAILABILITY": "shopkit.inventory.availability.StockAvailability"}
    if "CACHE" in {one.name for one in fields(CatalogSettings)}:
        is_on = os.environ.get("SHOPKIT_BENCH_CACHE") == "1"
        section["CACHE"] = "default" if is_on else None
    if "SEARCH" in {one.name for one in fields(CatalogSettings)}:
        section["SEARCH"] = {
            "BACKEND": os.environ.get(
                "SHOPKIT_BENCH_SEARCH", "shopkit.catalog.search.postgres.PostgresSearch"
            )
        }
    return section


SHOPKIT: dict[str, Any] = {
    "CORE": {"CURRENCY": "UZS"},
    "FACTS": {"DELIVERY": os.environ.get("SHOPKIT_BENCH_FACTS", "manual")},
    "CATALOG": catalog(),
    "CART": {
        "BACKEND": "shopkit.cart.stores.redis.RedisCartStore",
        "OPTIONS": {"url": REDIS_URL, "prefix": f"{{{KEYS}}}:"},
        "GUEST_LIFETIME": timedelta(hours=1),  # the carts of a run leave by themselves
    },
    # All buyers come from one network address here; the caps per phone stay.
    "ORDERS": {"MAX_OPEN_PER_ADDRESS": None},
    "SMS": {"BACKEND": "shopkit.sms.backends.memory.MemoryBackend"},
    "TELEGRAM": {"BACKEND": "shopkit.telegram.backends.memory.MemoryBackend"},
}
LOGGING = {"version": 1, "root": {"level": "ERROR"}}
