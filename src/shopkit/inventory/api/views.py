"""The stock endpoint."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.models import Variant
from shopkit.core.api.permissions import IsAuthenticated, IsStaff
from shopkit.core.api.views import ShopkitView
from shopkit.inventory.models import StockWish
from shopkit.inventory.services import adjust, set_on_hand
from shopkit.inventory.wishes import drop_wish, make_wish

from .serializers import ChangeStockInput, StockOutput, StockWishOutput


class VariantStockView(ShopkitView):
    """PATCH a change of what is on the shelf."""

    tags = ("Catalogue",)
    permission_classes = (IsStaff,)
    staff_permission = "shopkit_inventory.change_stockitem"
    input_classes = {"PATCH": ChangeStockInput}  # noqa: RUF012 - constant of the class
    output_classes = {"PATCH": StockOutput}  # noqa: RUF012

    def patch(self, request: Request, pk: int) -> Response:
        """Change the stock by ``delta`` or to ``on_hand`` units."""
        given = self.read(request)
        variant = get_object_or_404(Variant.objects.filter(product__deleted_at=None), pk=pk)
        note = given.get("reason", "")
        if "delta" in given:
            item = adjust(variant=variant.pk, delta=given["delta"], note=note, actor=request.user)
        else:
            item = set_on_hand(
                variant=variant.pk,
                on_hand=given["on_hand"],
                expected=given.get("expected"),
                note=note,
                actor=request.user,
            )
        return self.write(item)


class StockWishView(ShopkitView):
    """PUT nothing: one is told when the variant can be had again. DELETE: not any more."""

    tags = ("Catalogue",)
    permission_classes = (IsAuthenticated,)
    output_classes = {"PUT": StockWishOutput}  # noqa: RUF012

    def put(self, request: Request, pk: int) -> Response:
        """Wait for the variant; waiting already is well too."""
        rows = Variant.objects.on_sale().select_related("product")
        variant = get_object_or_404(rows, pk=pk)
        wish = make_wish(request.user, variant)
        wish.variant = variant
        return self.write(wish)

    def delete(self, request: Request, pk: int) -> Response:
        """Wait no longer."""
        drop_wish(request.user, pk)
        return Response(status=204)


class StockWishListView(ShopkitView):
    """GET what one waits for, newest first."""

    tags = ("Catalogue",)
    permission_classes = (IsAuthenticated,)
    queryset = StockWish.objects.all()
    output_classes = {"GET": StockWishOutput}  # noqa: RUF012
    is_list = True

    def get(self, request: Request) -> Response:
        """Return a page of one's own wishes."""
        own = StockWish.objects.filter(user=cast(Any, request.user))
        return self.write_page(own.select_related("variant__product").order_by("-pk"))
