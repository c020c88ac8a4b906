"""Cart endpoints."""

from collections.abc import Collection
from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.cart.errors import VariantRequired
from shopkit.cart.goods import Goods
from shopkit.cart.services import (
    change_quantity,
    clear_cart,
    merge_carts,
    put_in_cart,
    read_cart,
    remove_line,
    sellable_goods,
    show_cart,
)
from shopkit.cart.stores.base import LARGEST_KEY, CartState, LineMissing
from shopkit.catalog.models import Variant
from shopkit.core.api.permissions import AllowAny, IsAuthenticated
from shopkit.core.api.problems import problem
from shopkit.core.api.views import ShopkitView

from .owner import HEADER, CartOwner, cart_owner, cart_owner_to_write
from .schema import CartSchema
from .serializers import (
    AddItemInput,
    CartOutput,
    ChangeItemInput,
    MergeCartInput,
    MergedCartOutput,
)


class BaseCartView(ShopkitView):
    """What the cart endpoints share."""

    tags = ("Cart",)
    schema = CartSchema()

    def write_cart(
        self, state: CartState, owner: CartOwner, *, known: Collection[Goods] = (), **context: Any
    ) -> Response:
        """Return the cart; a guest's secret stands in the body and in the header.

        known -- goods that were read for this answer already
        """
        goods = {one.variant.pk: one for one in known}
        shown = show_cart(state, user=owner.user, known=goods)
        response = self.write(shown, token=owner.token, **context)
        if owner.token is not None:
            response[HEADER] = owner.token
        return response

    def handle_exception(self, exc: Exception) -> Response:
        """Answer 404 for what is not sold or not in the cart, 400 for a variant left open."""
        if isinstance(exc, (Variant.DoesNotExist, LineMissing)):
            return super().handle_exception(Http404())
        if isinstance(exc, VariantRequired):
            return problem(400, code=exc.code, detail=str(exc), **exc.details)
        return super().handle_exception(exc)


class CartDetailView(BaseCartView):
    """GET the caller's cart; DELETE takes everything out of it."""

    permission_classes = (AllowAny,)
    output_classes = {"GET": CartOutput}  # noqa: RUF012 - constant of the class

    def get(self, request: Request) -> Response:
        """Return the cart; nothing is stored for a mere look."""
        owner = cart_owner(request)
        return self.write_cart(read_cart(owner.owner), owner)

    def delete(self, request: Request) -> Response:
        """Empty the cart, also an empty one."""
        clear_cart(cart_owner(request).owner)
        return Response(status=204)


class CartItemsView(BaseCartView):
    """POST units of a variant into the cart (201); a visitor becomes a guest."""

    permission_classes = (AllowAny,)
    input_classes = {"POST": AddItemInput}  # noqa: RUF012 - constant of the class
    output_classes = {"POST": CartOutput}  # noqa: RUF012

    def post(self, request: Request) -> Response:
        """Add up."""
        given = self.read(request)
        quantity = given.pop("quantity")
        goods = sellable_goods(**given)
        owner = cart_owner_to_write(request)
        state = put_in_cart(owner.owner, goods, quantity=quantity)
        return self.write_cart(state, owner, known=[goods])


class CartItemDetailView(BaseCartView):
    """PATCH the units of a line, DELETE the line; both answer with the cart."""

    permission_classes = (AllowAny,)
    input_classes = {"PATCH": ChangeItemInput}  # noqa: RUF012 - constant of the class
    output_classes = {"PATCH": CartOutput, "DELETE": CartOutput}  # noqa: RUF012
    success_statuses = {"DELETE": 200}  # noqa: RUF012

    def patch(self, request: Request, pk: int) -> Response:
        """Make the line hold exactly this many units; 0 takes it out."""
        quantity = self.read(request)["quantity"]
        owner = self.owner_of_line(request, pk)
        state = change_quantity(owner.owner, variant_id=pk, quantity=quantity)
        return self.write_cart(state, owner)

    def delete(self, request: Request, pk: int) -> Response:
        """Take the line out."""
        owner = self.owner_of_line(request, pk)
        return self.write_cart(remove_line(owner.owner, variant_id=pk), owner)

    def owner_of_line(self, request: Request, pk: int) -> CartOwner:
        """Return whose cart it is. Raises LineMissing where no line can be."""
        owner = cart_owner(request)
        if not owner.owner or not 1 <= pk <= LARGEST_KEY:
            raise LineMissing
        return owner


class MergeCartView(BaseCartView):
    """POST a guest's token; that cart is poured into the signed-in user's."""

    permission_classes = (IsAuthenticated,)
    input_classes = {"POST": MergeCartInput}  # noqa: RUF012 - constant of the class
    output_classes = {"POST": MergedCartOutput}  # noqa: RUF012
    success_statuses = {"POST": 200}  # noqa: RUF012

    def post(self, request: Request) -> Response:
        """Merge; a second time nothing happens."""
        report = merge_carts(token=self.read(request)["token"], user=request.user)
        return self.write_cart(report.state, cart_owner(request), merged=report.merged)
