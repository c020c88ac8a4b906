"""Middleware that a site may list: an id and a log line for every request, and health answers."""

import logging
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.functional import LazyObject, empty

from .conf import health_settings
from .health import readiness
from .logs import bound_request_id, clean

logger = logging.getLogger("shopkit.access")
health_logger = logging.getLogger("shopkit.health")

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")

Answer = Callable[[HttpRequest], HttpResponseBase]


class RequestLogMiddleware:
    """Every request has an id, and leaves one line in the log ``shopkit.access``.

    The id is the ``X-Request-ID`` that came in, when it is 8 to 64 of A-Z a-z 0-9 . _ -, or else a
    new one. It stands on every log record of the request (``shopkit.core.logs.RequestIdFilter``),
    in the answer's header, and in the body of an unexpected error. List it before all others but
    ``HealthMiddleware``.

    The line names the route and not the path, since paths and queries may hold what is secret.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        given = request.headers.get(HEADER, "")
        chosen = given if ACCEPTED.fullmatch(given) else uuid4().hex
        request.request_id = chosen  # type: ignore[attr-defined]
        began = time.perf_counter()
        with bound_request_id(chosen):
            response = self.get_response(request)
            _tell(request, response, seconds=time.perf_counter() - began)
        response.headers[HEADER] = chosen
        return response


def _tell(request: HttpRequest, response: HttpResponseBase, *, seconds: float) -> None:
    failed = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    match = request.resolver_match
    fields = {
        # A method is whatever the client wrote.
        "method": request.method if request.method in METHODS else "?",
        "route": match.view_name if match else "-",
        "status": response.status_code,
        "duration_ms": round(seconds * 1000, 1),
        "user_id": _user_id(request),
    }
    logger.log(
        logging.WARNING if failed else logging.INFO,
        "%s %s %d in %.0f ms",
        fields["method"],
        fields["route"],
        response.status_code,
        seconds * 1000,
        extra=fields,
    )


METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


def _user_id(request: HttpRequest) -> Any:
    """Return who was found to be calling; nobody is looked up for the log's sake."""
    user = getattr(request, "user", None)
    if isinstance(user, LazyObject) and user.__dict__.get("_wrapped") is empty:
        return None
    return getattr(user, "pk", None)


class HealthMiddleware:
    """Answers the two questions of load balancers, before anything else looks at the request.

    ``HEALTH["LIVE_PATH"]``: 200 while the process answers at all. ``HEALTH["READY_PATH"]``: 200
    when every probe that is not optional is up, else 503; the body names each. List it first: a
    probe comes with an address for a host name, over plain HTTP, and needs no session.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or pass the request on."""
        settings = health_settings()
        if request.path_info == settings.LIVE_PATH:
            return _fresh(JsonResponse({"status": "alive"}))
        if request.path_info == settings.READY_PATH:
            found = readiness()
            for name in found.down:
                health_logger.warning("Probe %s: %s", name, clean(found.troubles[name]))
            status = HTTPStatus.OK if found.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
            return _fresh(JsonResponse(found.as_json(), status=status))
        return self.get_response(request)


def _fresh(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
