"""System checks of the catalogue."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from shopkit.core.backends import load_callable

from .availability import availability
from .conf import catalog_settings
from .search.base import search_backend

OUR_FORMATS = frozenset({"auto", "shopify", "shopkit"})
# Backends of Django that each process has for itself, or that keep nothing.
UNSHARED = ("LocMemCache", "DummyCache")


@register("shopkit")
def check_availability(**_: Any) -> list[CheckMessage]:
    """E001: who knows the stock cannot be built from its setting."""
    try:
        availability()
    except ImproperlyConfigured as error:
        text = f'SHOPKIT["CATALOG"]["AVAILABILITY"]: {error}'
        return [Error(text, id="shopkit.catalog.E001")]
    return []


@register("shopkit")
def check_liked(**_: Any) -> list[CheckMessage]:
    """E007: who knows what a user likes cannot be loaded."""
    try:
        path = catalog_settings().LIKED
    except ImproperlyConfigured:
        return []  # shopkit.core.E001 says it.
    try:
        if path is not None:
            load_callable(path)
    except ImproperlyConfigured as error:
        text = f'SHOPKIT["CATALOG"]["LIKED"]: {error}'
        return [Error(text, id="shopkit.catalog.E007")]
    return []


@register("shopkit")
def check_cache(**_: Any) -> list[CheckMessage]:
    """E002: no such cache; W001: one that the processes do not share; W002: one that hides."""
    try:
        alias = catalog_settings().CACHE
    except ImproperlyConfigured:
        return []  # shopkit.core.E001 says it.
    if alias is None:
        return []
    if alias not in settings.CACHES:
        return [
            Error(
                f'SHOPKIT["CATALOG"]["CACHE"] is {alias!r}, which is not in CACHES.',
                id="shopkit.catalog.E002",
            )
        ]
    chosen = settings.CACHES[alias]
    backend = str(chosen.get("BACKEND", ""))
    if backend.endswith(UNSHARED):
        return [
            Warning(
                f"The catalogue is remembered in {alias!r}, which is {backend}: a change that one "
                "process makes is seen by the others up to CACHE_SECONDS later.",
                hint="Name a cache that all processes share, such as Redis, or set CACHE to None.",
                id="shopkit.catalog.W001",
            )
        ]
    if _hides_failures(chosen):
        return [
            Warning(
                f"The catalogue is remembered in {alias!r}, which hides its failures: a change "
                "that it was not told of is seen up to CACHE_SECONDS later.",
                hint="Give the catalogue an alias without IGNORE_EXCEPTIONS; it minds no failure.",
                id="shopkit.catalog.W002",
            )
        ]
    return []


@register("shopkit")
def check_search(**_: Any) -> list[CheckMessage]:
    """E003: the search backend cannot be built, or cannot work on this database."""
    try:
        catalog_settings()
    except ImproperlyConfigured:
        return []  # shopkit.core.E001 says it.
    try:
        search_backend()
    except ImproperlyConfigured as error:
        return [Error(f'SHOPKIT["CATALOG"]["SEARCH"]: {error}', id="shopkit.catalog.E003")]
    return []


@register("shopkit")
def check_import_formats(**_: Any) -> list[CheckMessage]:
    """E010: a format has the name of ours, or its function does not import."""
    try:
        given = catalog_settings().IMPORT_FORMATS
    except ImproperlyConfigured:
        return []  # shopkit.core.E001 says it.
    found: list[CheckMessage] = []
    for name, path in given.items():
        text = f'SHOPKIT["CATALOG"]["IMPORT_FORMATS"][{name!r}]'
        try:
            load_callable(path)
        except ImproperlyConfigured as error:
            found.append(Error(f"{text}: {error}", id="shopkit.catalog.E010"))
        if name in OUR_FORMATS:
            hint = "Give it another name."
            found.append(Error(f"{text} is one of ours.", hint=hint, id="shopkit.catalog.E010"))
    return found


def _hides_failures(chosen: Mapping[str, Any]) -> bool:
    """Of django-redis, which can be told so for one cache or for all of its own."""
    if not str(chosen.get("BACKEND", "")).startswith("django_redis."):
        return False
    everywhere = getattr(settings, "DJANGO_REDIS_IGNORE_EXCEPTIONS", False)
    return bool(chosen.get("OPTIONS", {}).get("IGNORE_EXCEPTIONS", everywhere))
