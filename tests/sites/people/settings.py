"""The people tower alone: none of the goods apps."""

from tests.settings import *  # noqa: F403

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "shopkit.core",
    "shopkit.sms",
    "shopkit.telegram",
    "shopkit.otp",
    "shopkit.accounts",
]
SHOPKIT = {name: SHOPKIT[name] for name in ("FACTS", "SMS", "TELEGRAM")}  # noqa: F405
