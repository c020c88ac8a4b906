"""URLs: every endpoint has a name, and a site may put its own view under it."""

from collections.abc import Callable
from typing import Any, NoReturn

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import URLPattern, get_resolver, path
from django.views import View

from shopkit.core.backends import load_callable
from shopkit.core.conf import api_settings

ROUTES: dict[str, type[View]] = {}


def route(pattern: str, view: type[View], *, name: str) -> URLPattern:
    """Return the URL of ``view``, or of the site's subclass that API["VIEWS"] names for it.

    A subclass that does not fit is found by the system check (E006); until it is mended the
    endpoint refuses every call, since our own view might allow what the site meant to forbid.

    view -- a ``ShopkitView``
    name -- URL name, hyphenated: "product-list"

    Raises ImproperlyConfigured when another view of ours has this name.
    """
    if ROUTES.setdefault(name, view) is not view:
        raise ImproperlyConfigured(f"Two endpoints are called {name!r}.")
    try:
        answer: Callable[..., Any] = chosen_view(name).as_view(route_name=name)
    except ImproperlyConfigured as error:
        answer = _refusing(str(error))
    return path(pattern, answer, name=name)


def chosen_view(name: str) -> type[View]:
    """Return the view that answers under ``name``.

    Raises ImproperlyConfigured when the site's choice is not a subclass of ours.
    """
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


def _refusing(reason: str) -> Callable[..., NoReturn]:
    def refuse(request: HttpRequest, **_: Any) -> NoReturn:
        raise ImproperlyConfigured(reason)

    return refuse


@register("shopkit")
def check_views(**_: Any) -> list[CheckMessage]:
    """E005: a name that is no endpoint's; E006: a view that does not fit."""
    try:
        names = api_settings().VIEWS
    except ImproperlyConfigured:
        return []  # E001 says so
    if names:
        get_resolver().url_patterns  # noqa: B018 - endpoints are known once the URLs are loaded
    return [message for name in names for message in _check_view(name)]


def _check_view(name: str) -> list[CheckMessage]:
    if name not in ROUTES:
        hint = f"Names are: {', '.join(sorted(ROUTES))}."
        text = f'SHOPKIT["API"]["VIEWS"] has {name!r}, which is no endpoint of the site.'
        return [Error(text, hint=hint, id="shopkit.core.E005")]
    try:
        chosen_view(name)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="shopkit.core.E006")]
    return []
