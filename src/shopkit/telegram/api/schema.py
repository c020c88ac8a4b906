"""The webhook in the API documentation."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from shopkit.core.api.schema import ShopkitSchema

from .permissions import HEADER


class WebhookSchema(ShopkitSchema):
    """Adds the header that Telegram sends, and the empty object it is answered."""

    def get_override_parameters(self) -> list[Any]:
        """Describe the header."""
        return [
            OpenApiParameter(
                HEADER,
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="The secret that was given to setWebhook.",
            )
        ]

    def get_response_serializers(self) -> Any:
        """Say that the answer is an object; a serializer without fields would say no body."""
        answers = super().get_response_serializers()
        answers[200] = OpenApiTypes.OBJECT
        return answers
