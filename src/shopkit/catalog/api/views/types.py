"""Types of products over HTTP."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.api.serializers import (
    ProductTypeChangeInput,
    ProductTypeInput,
    ProductTypeOutput,
)
from shopkit.catalog.models import ProductType, ProductTypeAttribute
from shopkit.catalog.services.types import (
    create_product_type,
    delete_product_type,
    update_product_type,
)

from .base import CatalogView

# Far above what people define.
MOST_ROWS = 1000


def shown_types() -> QuerySet[ProductType]:
    """Return types with their attributes, in two statements."""
    members = ProductTypeAttribute.objects.select_related("attribute").order_by("position", "pk")
    return ProductType.objects.prefetch_related(
        Prefetch("members", queryset=members, to_attr="listed_members")
    )


class ProductTypeListView(CatalogView):
    """GET all types of products; POST a new one."""

    edits = "producttype"
    is_list = True
    queryset = ProductType.objects.none()  # names the model for the API's description
    pagination_class = None
    input_classes: ClassVar = {"POST": ProductTypeInput}
    output_classes: ClassVar = {"GET": ProductTypeOutput, "POST": ProductTypeOutput}

    def get(self, _request: Request) -> Response:
        """Answer a plain array."""
        return self.write(self.filter_queryset(shown_types())[:MOST_ROWS], many=True)

    def post(self, request: Request) -> Response:
        """Make a type."""
        made = create_product_type(**self.read(request))
        return self.write(shown_types().get(pk=made.pk))


class ProductTypeView(CatalogView):
    """One type of products."""

    edits = "producttype"
    input_classes: ClassVar = {"PATCH": ProductTypeChangeInput}
    output_classes: ClassVar = {"GET": ProductTypeOutput, "PATCH": ProductTypeOutput}

    def get(self, _request: Request, code: str) -> Response:
        """Answer the type."""
        return self.write(get_object_or_404(shown_types(), code=code))

    def patch(self, request: Request, code: str) -> Response:
        """Change what is named; products of the type must fit it afterwards too."""
        changed = update_product_type(self.find(code), changes=self.read(request))
        return self.write(shown_types().get(pk=changed.pk))

    def delete(self, _request: Request, code: str) -> Response:
        """Take a type away that no product is of."""
        delete_product_type(self.find(code))
        return Response(status=204)

    def find(self, code: str) -> Any:
        """Return the type."""
        return get_object_or_404(ProductType, code=code)
