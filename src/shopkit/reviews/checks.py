"""System checks of reviews."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from shopkit.catalog.conf import catalog_settings
from shopkit.core.backends import load_callable

from .conf import reviews_settings

PATHS = ("CAN_REVIEW", "VERIFIED", "AUTHOR_NAME")


@register("shopkit")
def check_paths(**_: Any) -> list[CheckMessage]:
    """E001: a rule of the site cannot be loaded."""
    try:
        settings = reviews_settings()
    except ImproperlyConfigured:
        return []  # shopkit.core.E001 says it.
    return [
        Error(f'SHOPKIT["REVIEWS"]["{name}"]: {problem}', id="shopkit.reviews.E001")
        for name in PATHS
        if (problem := _problem(getattr(settings, name)))
    ]


@register("shopkit")
def check_likes_are_shown(**_: Any) -> list[CheckMessage]:
    """W001: likes are kept, but the catalogue does not ask for them."""
    try:
        is_asked = catalog_settings().LIKED is not None
    except ImproperlyConfigured:
        return []  # shopkit.core.E001 says it.
    if is_asked:
        return []
    return [
        Warning(
            "shopkit.reviews is installed, but products do not say whether one likes them.",
            hint='Set SHOPKIT["CATALOG"]["LIKED"] = "shopkit.reviews.services.liked_by".',
            id="shopkit.reviews.W001",
        )
    ]


def _problem(path: str | None) -> str:
    try:
        if path is not None:
            load_callable(path)
    except ImproperlyConfigured as error:
        return str(error)
    return ""
