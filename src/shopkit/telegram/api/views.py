"""The webhook."""

from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.core.api.problems import BodyTooLarge
from shopkit.core.api.views import ShopkitView
from shopkit.telegram.services.intake import receive_update

from .permissions import HasWebhookSecret
from .schema import WebhookSchema
from .serializers import UpdateInput

LARGEST_UPDATE = 256 * 1024


class TelegramWebhookView(ShopkitView):
    """POST an update of the bot; 200 once it is stored, whether it is new or not.

    No throttle: all updates come from few addresses of Telegram's.
    """

    tags = ("Telegram",)
    schema = WebhookSchema()
    authentication_classes = ()
    throttle_classes = ()
    permission_classes = (HasWebhookSecret,)
    input_classes = {"POST": UpdateInput}  # noqa: RUF012 - constant of the class
    success_statuses = {"POST": 200}  # noqa: RUF012

    def post(self, request: Request) -> Response:
        """Store the body; it is handled afterwards."""
        receive_update(_body(request))
        return Response({})


def _body(request: Request) -> bytes:
    """Return at most 256 kB. Raises BodyTooLarge (413) without reading a larger one."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdigit() and int(declared) > LARGEST_UPDATE:
        raise BodyTooLarge
    raw: bytes = request._request.read(LARGEST_UPDATE + 1)
    if len(raw) > LARGEST_UPDATE:
        raise BodyTooLarge
    return raw
