"""Suggestions over HTTP."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.api.filters import LEAST_SUGGESTED, LONGEST_SEARCH, read_suggested
from shopkit.catalog.api.serializers import SuggestionsOutput
from shopkit.catalog.services.suggestions import suggest
from shopkit.core.api.permissions import AllowAny
from shopkit.core.api.schema import ShopkitSchema

from .base import CatalogView

TYPED: Any = {"type": "string", "minLength": LEAST_SUGGESTED, "maxLength": LONGEST_SEARCH}


class SuggestSchema(ShopkitSchema):
    """Describes the one parameter."""

    def get_override_parameters(self) -> list[Any]:
        """Return ``q``."""
        told = "The last word may be unfinished."
        return [OpenApiParameter("q", TYPED, required=True, description=told)]


class SuggestView(CatalogView):
    """GET products and categories for what has been typed so far."""

    permission_classes: Any = (AllowAny,)
    filter_backends: Any = ()
    schema = SuggestSchema()
    output_classes: ClassVar = {"GET": SuggestionsOutput}

    def get(self, request: Request) -> Response:
        """Answer at most ten entries."""
        return self.write(suggest(read_suggested(request.query_params)))
