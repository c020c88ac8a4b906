"""Order endpoints."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.cart.api.owner import cart_owner
from shopkit.catalog.models import Image
from shopkit.core.api.once import answer_of, once_for, send
from shopkit.core.api.permissions import AllowAny, IsAuthenticated, IsStaff
from shopkit.core.api.views import ShopkitView
from shopkit.core.backends import load_callable
from shopkit.core.errors import BackendError, NotSignedIn
from shopkit.core.idempotency import Answer
from shopkit.core.limits import client_address
from shopkit.orders.conf import orders_settings
from shopkit.orders.contact import complete_contact
from shopkit.orders.models import Order, OrderEvent, OrderLine, OrderQuerySet
from shopkit.orders.services import (
    OrderDraft,
    cancel_order,
    cart_to_order,
    claim_order,
    move_order,
    place_order,
)
from shopkit.orders.tokens import is_token_of, order_token

from .access import HEADER, HasCredentials, acting_as, order_of, orders_of
from .filters import OrderFilters
from .serializers import (
    CancelOrderInput,
    MoveOrderInput,
    OrderOutput,
    PlacedOrderOutput,
    PlaceOrderInput,
)

TOKEN_PLACE = "--token-of-this-order--"  # noqa: S105 - stands where a token goes


def shown(orders: OrderQuerySet) -> OrderQuerySet:
    """Return the orders with what their output needs: three statements for any number of them."""
    # A picture that staff has deleted is gone with its file.
    picture = Exists(Image.objects.filter(file=OuterRef("image")))
    return orders.prefetch_related(
        Prefetch("lines", OrderLine.objects.annotate(has_picture=picture).order_by("pk")),
        Prefetch("events", OrderEvent.objects.order_by("pk")),
    )


class OrderView(ShopkitView):
    """What the order endpoints share."""

    tags = ("Orders",)

    def write_order(self, order: Order, *, status: int | None = None) -> Response:
        """Return the order as it stands in the database."""
        return self.write(shown(Order.objects.filter(pk=order.pk)).get(), status=status)


class PlaceOrderView(OrderView):
    """POST contact and address; the caller's cart becomes an order (201)."""

    permission_classes = (AllowAny,)
    input_classes = {"POST": PlaceOrderInput}  # noqa: RUF012 - constant of the class
    output_classes = {"POST": PlacedOrderOutput}  # noqa: RUF012
    is_idempotent = True

    def post(self, request: Request) -> HttpResponse:
        """Place the order, or answer again what this Idempotency-Key was answered before."""
        if not (request.user.is_authenticated or orders_settings().GUEST_CHECKOUT):
            raise NotSignedIn
        given = self.read(request)
        owner = cart_owner(request).owner
        once = once_for(request, route="place-order", principal=owner, body=given)
        try:
            draft = self.draft(request, given, owner)
        except (ValidationError, BackendError):
            # The cart's store may be away, a saved address gone: what was answered stays so.
            answered = once.answered()
            if answered is None:
                raise
            return send(_opened(answered))
        answer = place_order(draft, transact=lambda place: once.run(lambda: self.seal(place())))
        return send(_opened(answer))

    def draft(self, request: Request, given: dict[str, Any], owner: str) -> OrderDraft:
        """Return what is to be ordered. The cart is read here, before any transaction."""
        user = request.user if request.user.is_authenticated else None
        cart, turn = cart_to_order(owner)
        return OrderDraft(
            owner=owner,
            cart=cart,
            turn=turn,
            contact=complete_contact(given.get("contact", {}), user=user),
            address=_address(given, user),
            user=user,
            only=given.get("item_ids"),
            note=given.get("note", ""),
            expected_total=given.get("expected_total"),
            client_address=client_address(request),
            language=get_language() or "",
        )

    def seal(self, order: Order) -> Answer:
        """Render the answer with a guest's token left out, so that it may be stored."""
        data = dict(self.show(order))
        if order.user_id is None:
            data["token"] = TOKEN_PLACE
        return answer_of(data, status=201)


class OrderListView(PlaceOrderView):
    """GET the caller's orders, or all for staff; POST places one."""

    output_classes = {"GET": OrderOutput, "POST": PlacedOrderOutput}  # noqa: RUF012
    filterset_class = OrderFilters
    queryset = Order.objects.all()
    is_list = True

    def get_permissions(self) -> Any:
        """Anyone may order; a list needs an account."""
        return [AllowAny()] if self.request.method == "POST" else [IsAuthenticated()]

    def get(self, request: Request) -> Response:
        """Return a page of orders, newest first."""
        return self.write_page(shown(orders_of(request)))


class OrderDetailView(OrderView):
    """GET one order; DELETE cancels it."""

    permission_classes = (HasCredentials,)
    output_classes = {"GET": OrderOutput, "DELETE": OrderOutput}  # noqa: RUF012
    success_statuses = {"DELETE": 200}  # noqa: RUF012

    def get(self, request: Request, number: str) -> Response:
        """Return the order."""
        return self.write_order(order_of(request, number))

    def delete(self, request: Request, number: str) -> Response:
        """Cancel the order."""
        order = order_of(request, number, staff_permission="shopkit_orders.move_order")
        by = acting_as(request, order)
        return self.write_order(cancel_order(order.pk, by=by, actor=_actor(request)))


class CancelOrderView(OrderView):
    """POST cancels the order: stock comes back once, money received is due back."""

    permission_classes = (HasCredentials,)
    input_classes = {"POST": CancelOrderInput}  # noqa: RUF012
    output_classes = {"POST": OrderOutput}  # noqa: RUF012
    success_statuses = {"POST": 200}  # noqa: RUF012

    def post(self, request: Request, number: str) -> Response:
        """Cancel the order; a cancelled one stays as it is."""
        order = order_of(request, number, staff_permission="shopkit_orders.move_order")
        reason = self.read(request).get("reason", "")
        by = acting_as(request, order)
        cancelled = cancel_order(order.pk, by=by, actor=_actor(request), reason=reason)
        return self.write_order(cancelled, status=200)


class OrderStatusView(OrderView):
    """PATCH moves the order to a status, or to its next one."""

    permission_classes = (IsStaff,)
    staff_permission = "shopkit_orders.move_order"
    input_classes = {"PATCH": MoveOrderInput}  # noqa: RUF012
    output_classes = {"PATCH": OrderOutput}  # noqa: RUF012

    def patch(self, request: Request, number: str) -> Response:
        """Move the order."""
        order = order_of(request, number, staff_permission=self.staff_permission)
        given = self.read(request)
        moved = move_order(
            order.pk,
            to=given.get("status"),
            by="staff",
            actor=request.user,
            reason=given.get("reason", ""),
            tracking_number=given.get("tracking_number"),
        )
        return self.write_order(moved)


class ClaimOrderView(OrderView):
    """POST with X-Order-Token: the guest's order becomes the signed-in user's."""

    permission_classes = (IsAuthenticated,)
    output_classes = {"POST": OrderOutput}  # noqa: RUF012
    success_statuses = {"POST": 200}  # noqa: RUF012

    def post(self, request: Request, number: str) -> Response:
        """Claim the order."""
        order = claimable(request, number)
        return self.write_order(claim_order(order.pk, user=request.user), status=200)


def claimable(request: Request, number: str) -> Order:
    """Return the order whose token the caller shows, or his own; staff rights do not count here."""
    token = request.headers.get(HEADER, "")
    rows = Order.objects.of_user(request.user)
    if token and is_token_of(number, token):
        rows = Order.objects.all()
    return get_object_or_404(rows, number=number)


def _actor(request: Request) -> Any:
    return request.user if request.user.is_authenticated else None


def _address(given: dict[str, Any], user: Any) -> dict[str, Any]:
    """Return the given address, or the saved one that ``address_id`` names."""
    if "address" in given:
        return dict(given["address"])
    book = orders_settings().ADDRESS_BOOK
    found = load_callable(book)(user, given["address_id"]) if book and user else None
    if found is None:
        wrong = ValidationError(_("There is no such address."), code="does_not_exist")
        raise ValidationError({"address_id": wrong})
    return dict(found)


def _opened(answer: Answer) -> Answer:
    """Put a guest's token where the stored answer left it out; it is derived from the number."""
    if TOKEN_PLACE not in answer.body:
        return answer
    number = re.search(r'"number":\s*"([^"]+)"', answer.body)
    token = order_token(number.group(1)) if number else ""
    # A quote inside a customer's text is escaped, so only the member itself matches.
    place = re.compile(rf'("token":\s*"){TOKEN_PLACE}"')
    return Answer(answer.status, place.sub(rf'\g<1>{token}"', answer.body))
