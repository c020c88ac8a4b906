"""The stock endpoint."""

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.models import Variant
from shopkit.core.api.permissions import IsStaff
from shopkit.core.api.views import ShopkitView
from shopkit.inventory.services import adjust, set_on_hand

from .serializers import ChangeStockInput, StockOutput


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
