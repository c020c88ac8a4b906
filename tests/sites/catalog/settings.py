"""The catalogue alone: products to look at, nobody counts them."""

from tests.settings import *  # noqa: F403

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "mptt",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "shopkit.core",
    "shopkit.catalog",
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.BasicAuthentication"]
}
SHOPKIT = {"FACTS": {"DELIVERY": "sync"}}
