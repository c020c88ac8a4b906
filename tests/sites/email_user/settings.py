"""Accounts and one-time codes, without text messages, Telegram and admin."""

from tests.settings import *  # noqa: F403

AUTH_USER_MODEL = "email_user.Person"
ROOT_URLCONF = "tests.sites.custom_user.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "shopkit.core",
    "shopkit.otp",
    "shopkit.accounts",
    "tests.sites.email_user",
]
MIDDLEWARE: list[str] = []
SHOPKIT = {"FACTS": {"DELIVERY": "sync"}}
