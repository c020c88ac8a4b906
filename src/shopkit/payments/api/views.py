"""Payment endpoints."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.core.api.once import answer_of, once_for, send
from shopkit.core.api.permissions import AllowAny, IsStaff
from shopkit.core.api.schema import ShopkitSchema
from shopkit.core.api.views import ShopkitView
from shopkit.core.idempotency import Answer
from shopkit.core.limits import client_address
from shopkit.orders.api.access import HasCredentials, order_of
from shopkit.orders.api.serializers import OrderOutput
from shopkit.orders.api.views import OrderView
from shopkit.orders.models import Order
from shopkit.payments.backends.base import Callback
from shopkit.payments.conf import payments_settings
from shopkit.payments.errors import UnknownProvider
from shopkit.payments.models import Payment
from shopkit.payments.providers import providers
from shopkit.payments.services import mark_paid, receive, refund_order, start_payment

from .serializers import (
    MarkPaidInput,
    PaymentOutput,
    ProviderOutput,
    RefundInput,
    RefundOutput,
    StartPaymentInput,
)

LARGEST_CALL = 256 * 1024


class ProviderListView(ShopkitView):
    """GET the ways to pay."""

    tags = ("Payments",)
    permission_classes = (AllowAny,)
    output_classes = {"GET": ProviderOutput}  # noqa: RUF012 - constant of the class
    is_list = True
    pagination_class = None

    def get(self, request: Request) -> Response:
        """Return what is configured."""
        shown = [
            {
                "code": code,
                "name": str(backend.name),
                "kind": backend.kind,
                "currencies": list(backend.currencies),
                "window_minutes": backend.window and int(backend.window.total_seconds() // 60),
            }
            for code, backend in providers().items()
        ]
        return self.write(shown, many=True)


class OrderPaymentsView(ShopkitView):
    """GET the attempts to pay an order; POST begins one, or answers the live one again."""

    tags = ("Payments",)
    permission_classes = (HasCredentials,)
    input_classes = {"POST": StartPaymentInput}  # noqa: RUF012
    output_classes = {"GET": PaymentOutput, "POST": PaymentOutput}  # noqa: RUF012
    other_statuses = {"POST": (200,)}  # noqa: RUF012
    is_list = True
    is_idempotent = True
    pagination_class = None

    def get(self, request: Request, number: str) -> Response:
        """Return the latest hundred attempts, oldest first."""
        order = order_of(request, number)
        rows = Payment.objects.filter(order=order).prefetch_related("receipts")
        latest = rows.order_by("-created_at")[:100]
        return self.write(list(latest)[::-1], many=True)

    def post(self, request: Request, number: str) -> HttpResponse:
        """Begin to pay: 201, or 200 with the attempt that is still live."""
        order = order_of(request, number, staff_permission="shopkit_payments.add_payment")
        given = self.read(request)
        for name in ("return_url", "cancel_url"):
            _refuse_foreign(given.get(name), name=name, request=request)
        principal = f"order:{order.number}"
        once = once_for(request, route="start-payment", principal=principal, body=given)
        return send(once.run_around(lambda: self.start(order, given)))

    def start(self, order: Order, given: dict[str, Any]) -> Answer:
        """Begin the attempt and render it."""
        payment, is_new = start_payment(order.pk, **given)
        return answer_of(self.show(payment), status=201 if is_new else 200)


class MarkPaidView(OrderView):
    """POST that staff received the order's money."""

    tags = ("Payments",)
    permission_classes = (IsStaff,)
    staff_permission = "shopkit_payments.add_payment"
    input_classes = {"POST": MarkPaidInput}  # noqa: RUF012
    output_classes = {"POST": OrderOutput}  # noqa: RUF012
    success_statuses = {"POST": 200}  # noqa: RUF012

    def post(self, request: Request, number: str) -> Response:
        """Write the money down."""
        order = order_of(request, number, staff_permission=self.staff_permission)
        given = self.read(request)
        return self.write_order(mark_paid(order.pk, actor=request.user, **given), status=200)


class OrderRefundsView(ShopkitView):
    """POST that money of an order goes back to the customer."""

    tags = ("Payments",)
    permission_classes = (IsStaff,)
    staff_permission = "shopkit_payments.add_refund"
    input_classes = {"POST": RefundInput}  # noqa: RUF012
    output_classes = {"POST": RefundOutput}  # noqa: RUF012
    is_idempotent = True

    def post(self, request: Request, number: str) -> HttpResponse:
        """Give back; 201 with the refund as the gateway left it."""
        order = order_of(request, number, staff_permission=self.staff_permission)
        given = self.read(request)
        principal = f"order:{order.number}"
        once = once_for(request, route="refund", principal=principal, body=given)
        return send(once.run_around(lambda: self.give_back(order, given)))

    def give_back(self, order: Order, given: dict[str, Any]) -> Answer:
        """Refund and render it."""
        refund = refund_order(order.pk, actor=self.request.user, **given)
        return answer_of(self.show(refund), status=201)


class GatewaySchema(ShopkitSchema):
    """A call that anyone may make and only a gateway makes successfully."""

    def _problems(self) -> set[int]:
        return super()._problems() | {403, 404}


class WebhookView(ShopkitView):
    """POST by a gateway, in its own words and answered in them.

    The gateway proves itself; the site's users and rates do not matter here, because all calls
    come from few addresses.
    """

    tags = ("Payments",)
    schema = GatewaySchema()
    authentication_classes = ()
    throttle_classes = ()
    permission_classes = (AllowAny,)
    success_statuses = {"POST": 200}  # noqa: RUF012

    def post(self, request: Request, provider: str) -> HttpResponse:
        """Let the books follow, and answer what the gateway expects."""
        callback = Callback(
            method=request.method or "",
            headers={name.lower(): value for name, value in request.headers.items()},
            body=_body(request),
            address=client_address(request) or "",
        )
        try:
            answer = receive(provider, callback)
        except UnknownProvider:
            raise Http404 from None
        return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)

    def http_method_not_allowed(  # type: ignore[override]  # the stubs of Django and DRF differ
        self, request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Some gateways want even this answered in their own words."""
        return self.post(request, **kwargs)


def _body(request: Request) -> bytes:
    """Return the body, or nothing of one above 256 kB, which is refused in the gateway's words."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not declared.isdigit() or int(declared) > LARGEST_CALL:
        return b""
    raw: bytes = request._request.read(LARGEST_CALL + 1)
    return raw if len(raw) <= LARGEST_CALL else b""


def _refuse_foreign(url: str | None, *, name: str, request: Request) -> None:
    """Customers are sent back to hosts of the site only."""
    hosts = {request.get_host(), *payments_settings().RETURN_HOSTS}
    if url and not url_has_allowed_host_and_scheme(url, hosts):
        wrong = ValidationError(_("This host is not allowed."), code="foreign_url")
        raise ValidationError({name: wrong})
