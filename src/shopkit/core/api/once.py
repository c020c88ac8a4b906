"""The Idempotency-Key header on a view: read it, run once, answer with the stored bytes."""

from typing import Any

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from shopkit.core.idempotency import Answer, Once, fingerprint_of, read_key


def once_for(request: Request, *, route: str, principal: str, body: Any) -> Once:
    """Return the runner of this call.

    principal -- whose keys these are: "user:5", or "cart:<token>" for a guest
    body -- the validated input; the same key with another one is refused

    Raises ValidationError for a bad key, or for none where the site requires one.
    """
    key = read_key(request.headers.get("Idempotency-Key"))
    return Once(principal=principal, route=route, key=key, fingerprint=fingerprint_of(body))


def answer_of(data: Any, *, status: int) -> Answer:
    """Render ``data`` to the very bytes that are sent and stored."""
    return Answer(status, JSONRenderer().render(data).decode())


def send(answer: Answer) -> HttpResponse:
    """Send a stored or fresh answer."""
    return HttpResponse(answer.body, status=answer.status, content_type="application/json")
