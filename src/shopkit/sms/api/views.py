"""The endpoint that gateways call."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.core.api.permissions import AllowAny
from shopkit.core.api.problems import BodyTooLarge
from shopkit.core.api.schema import ShopkitSchema
from shopkit.core.api.views import ShopkitView
from shopkit.sms.callbacks import StatusCallback
from shopkit.sms.errors import GatewayUnknown
from shopkit.sms.services import note_status

LARGEST_BODY = 256_000


class SignedCallSchema(ShopkitSchema):
    """A call that anyone may make and only a gateway makes successfully."""

    def _problems(self) -> set[int]:
        return super()._problems() | {403}


class StatusView(ShopkitView):
    """POST by a gateway: what became of a message. 403 without its signature or secret.

    The gateway proves itself; the site's users and rates do not matter here, because all calls
    come from few addresses.
    """

    tags = ("SMS",)
    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = ()
    schema = SignedCallSchema()
    success_statuses = {"POST": 200}  # noqa: RUF012 - constant of the class

    def post(self, request: Request, backend: str) -> Response:
        """Write the news down; news of a message that is not ours are taken too."""
        try:
            note_status(backend, _callback_of(request))
        except GatewayUnknown:
            raise Http404 from None
        return Response({})


def _callback_of(request: Any) -> StatusCallback:
    """Return the call unparsed: its signature stands for these very bytes."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdigit() and int(declared) > LARGEST_BODY:
        raise BodyTooLarge
    body = request.body
    if len(body) > LARGEST_BODY:
        raise BodyTooLarge
    return StatusCallback(
        query=request.META.get("QUERY_STRING", ""),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
    )
