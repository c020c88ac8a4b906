"""Suggestions over HTTP."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.api.filters import LEAST_SUGGESTED, LONGEST_SEARCH, read_suggested
from shopkit.catalog.api.serializers import SuggestionsOutput
from shopkit.catalog.services.suggestions import suggest
from shopkit.core.api.permissions import AllowAny

from .base import CatalogView

TYPED: Any = {"type": "string", "minLength": LEAST_SUGGESTED, "maxLength": LONGEST_SEARCH}


class SuggestView(CatalogView):
    """GET products and categories for what has been typed so far."""

    permission_classes = (AllowAny,)
    filter_backends = ()
    output_classes: ClassVar = {"GET": SuggestionsOutput}

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "q", TYPED, required=True, description="The last word may be unfinished."
            )
        ]
    )
    def get(self, request: Request) -> Response:
        """Answer at most ten entries."""
        return self.write(suggest(read_suggested(request.query_params)))
