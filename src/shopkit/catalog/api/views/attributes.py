"""Attributes and their values over HTTP."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.api.serializers import (
    AttributeChangeInput,
    AttributeInput,
    AttributeOutput,
    ValueChangeInput,
    ValueInput,
    ValueOutput,
)
from shopkit.catalog.models import Attribute, AttributeValue
from shopkit.catalog.services.attributes import (
    create_attribute,
    create_value,
    delete_attribute,
    delete_value,
    update_attribute,
    update_value,
)
from shopkit.catalog.services.attribution import CLOSED

from .base import CatalogView

# Far above what people define; texts and numbers, which grow with the products, end here.
MOST_ROWS = 1000


def shown_attributes() -> QuerySet[Attribute]:
    """Return attributes with the values of those that are chosen from a list."""
    values = AttributeValue.objects.filter(attribute__type__in=CLOSED).order_by("position", "pk")
    return Attribute.objects.prefetch_related(
        Prefetch("values", queryset=values, to_attr="listed_values")
    )


class AttributeListView(CatalogView):
    """GET all attributes; POST a new one."""

    edits = "attribute"
    is_list = True
    queryset = Attribute.objects.none()  # names the model for the API's description
    pagination_class = None
    input_classes: ClassVar = {"POST": AttributeInput}
    output_classes: ClassVar = {"GET": AttributeOutput, "POST": AttributeOutput}

    def get(self, _request: Request) -> Response:
        """Answer a plain array."""
        rows = self.filter_queryset(shown_attributes())
        return self.write(rows[:MOST_ROWS], many=True)

    def post(self, request: Request) -> Response:
        """Make an attribute."""
        made = create_attribute(**self.read(request))
        return self.write(shown_attributes().get(pk=made.pk))


class AttributeView(CatalogView):
    """One attribute."""

    edits = "attribute"
    input_classes: ClassVar = {"PATCH": AttributeChangeInput}
    output_classes: ClassVar = {"GET": AttributeOutput, "PATCH": AttributeOutput}

    def get(self, _request: Request, code: str) -> Response:
        """Answer the attribute."""
        return self.write(get_object_or_404(shown_attributes(), code=code))

    def patch(self, request: Request, code: str) -> Response:
        """Change what is named; the code stays."""
        attribute = get_object_or_404(Attribute, code=code)
        changed = update_attribute(attribute, changes=self.read(request))
        return self.write(shown_attributes().get(pk=changed.pk))

    def delete(self, _request: Request, code: str) -> Response:
        """Take away what nothing uses."""
        delete_attribute(get_object_or_404(Attribute, code=code))
        return Response(status=204)


class AttributeValueListView(CatalogView):
    """GET an attribute's values, the first thousand; POST another one."""

    edits = "attributevalue"
    is_list = True
    queryset = AttributeValue.objects.none()  # names the model for the API's description
    pagination_class = None
    input_classes: ClassVar = {"POST": ValueInput}
    output_classes: ClassVar = {"GET": ValueOutput, "POST": ValueOutput}

    def get(self, _request: Request, code: str) -> Response:
        """Answer a plain array."""
        attribute = get_object_or_404(Attribute, code=code)
        rows = self.filter_queryset(attribute.values.order_by("position", "number", "pk"))
        return self.write(rows[:MOST_ROWS], many=True)

    def post(self, request: Request, code: str) -> Response:
        """Add a value."""
        attribute = get_object_or_404(Attribute, code=code)
        return self.write(create_value(attribute, **self.read(request)))


class AttributeValueView(CatalogView):
    """One value of an attribute."""

    edits = "attributevalue"
    input_classes: ClassVar = {"PATCH": ValueChangeInput}
    output_classes: ClassVar = {"GET": ValueOutput, "PATCH": ValueOutput}

    def get(self, _request: Request, code: str, pk: int) -> Response:
        """Answer the value."""
        return self.write(self.find(code, pk))

    def patch(self, request: Request, code: str, pk: int) -> Response:
        """Change what is named; everything that shows the value follows."""
        value = self.find(code, pk)
        return self.write(update_value(value, changes=self.read(request)))

    def delete(self, _request: Request, code: str, pk: int) -> Response:
        """Take away what nothing uses."""
        delete_value(self.find(code, pk))
        return Response(status=204)

    def find(self, code: str, pk: int) -> Any:
        """Return the value; it must be this attribute's."""
        return get_object_or_404(AttributeValue, pk=pk, attribute__code=code)
