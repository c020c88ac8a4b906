"""URLs: every endpoint has a name, and a site may put its own view under it."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, path

from shopkit.core.backends import load_callable
from shopkit.core.conf import api_settings

from .views import ShopkitView

ROUTES: dict[str, type[ShopkitView]] = {}


def route(pattern: str, view: type[ShopkitView], *, name: str) -> URLPattern:
    """Return the URL of ``view``, or of the site's subclass that API["VIEWS"] names for it.

    name -- URL name, hyphenated: "product-list"

    Raises ImproperlyConfigured when the site's view is not a subclass of ours.
    """
    ROUTES.setdefault(name, view)
    return path(pattern, chosen_view(name).as_view(route_name=name), name=name)


def chosen_view(name: str) -> type[ShopkitView]:
    """Return the view that answers under ``name``."""
    ours = ROUTES[name]
    dotted = api_settings().VIEWS.get(name)
    if dotted is None:
        return ours
    theirs: Any = load_callable(dotted)
    if not (isinstance(theirs, type) and issubclass(theirs, ours)):
        raise ImproperlyConfigured(
            f'SHOPKIT["API"]["VIEWS"][{name!r}]: {dotted} is not a subclass of '
            f"{ours.__module__}.{ours.__qualname__}."
        )
    return theirs


@register("shopkit")
def check_views(**_: Any) -> list[CheckMessage]:
    """E005: a name that is no endpoint's; E006: a view that does not fit."""
    found: list[CheckMessage] = []
    for name in api_settings().VIEWS:
        if name not in ROUTES:
            hint = f"Names are: {', '.join(sorted(ROUTES))}."
            text = f'SHOPKIT["API"]["VIEWS"] has {name!r}, which is no endpoint of the site.'
            found.append(Error(text, hint=hint, id="shopkit.core.E005"))
            continue
        try:
            chosen_view(name)
        except ImproperlyConfigured as error:
            found.append(Error(str(error), id="shopkit.core.E006"))
    return found
