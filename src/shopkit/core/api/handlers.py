"""What a site answers when something fails before a view is reached: a session, a middleware."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.views.defaults import server_error as usual_server_error

from .problems import CONTENT_TYPE, answer_error
from .views import ShopkitView


def server_error(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer an error that no view caught: ``handler500`` of the site's own URLs.

    Addresses of our endpoints answer problem+json, others the site's page. A database that is away
    is 503 with Retry-After for both. Needs no database.
    """
    error = sys.exc_info()[1]
    context = {"request": request, "is_announced": True}
    told = answer_error(error, context) if isinstance(error, Exception) else None
    if told is not None and _is_ours(request):
        kept = {name: told[name] for name in ("Retry-After",) if name in told}
        return JsonResponse(
            told.data, status=told.status_code, content_type=CONTENT_TYPE, headers=kept
        )
    page = usual_server_error(request, *args, **kwargs)
    if told is not None and told.status_code == 503:
        page.status_code, page["Retry-After"] = 503, told["Retry-After"]
    return page


def _is_ours(request: HttpRequest) -> bool:
    try:
        found = resolve(request.path_info, getattr(request, "urlconf", None))
    except Resolver404:
        return False
    view = getattr(found.func, "cls", None)
    return isinstance(view, type) and issubclass(view, ShopkitView)
