"""People tower on the site's own user model, without Django's admin."""

from tests.settings import *  # noqa: F403

AUTH_USER_MODEL = "custom_user.Member"
ROOT_URLCONF = "tests.sites.custom_user.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "shopkit.core",
    "shopkit.sms",
    "shopkit.telegram",
    "shopkit.otp",
    "shopkit.accounts",
    "tests.sites.custom_user",
]
MIDDLEWARE: list[str] = []
SHOPKIT = {name: SHOPKIT[name] for name in ("FACTS", "SMS", "TELEGRAM")}  # noqa: F405
