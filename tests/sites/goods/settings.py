"""The goods tower alone: everything that is sold, and somebody else's way of signing in."""

from tests.settings import *  # noqa: F403

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
    "shopkit.core",
    "shopkit.catalog",
    "shopkit.inventory",
    "shopkit.pricing",
    "shopkit.cart",
    "shopkit.orders",
    "shopkit.payments",
    "shopkit.reviews",
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.BasicAuthentication"]
}
SHOPKIT = {name: SHOPKIT[name] for name in ("CORE", "FACTS", "CATALOG")}  # noqa: F405
