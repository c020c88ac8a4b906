"""The cart's header in the API documentation."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from shopkit.core.api.schema import ShopkitSchema

from .owner import HEADER


class CartSchema(ShopkitSchema):
    """Adds X-Cart-Token to what a call reads and to what it answers."""

    def get_override_parameters(self) -> list[Any]:
        """Describe the header."""
        return [
            OpenApiParameter(
                HEADER,
                str,
                OpenApiParameter.HEADER,
                description="A guest's secret, as the first write answered it. Signed-in users "
                "need none; a text that is not ours is treated as none.",
            ),
            OpenApiParameter(
                HEADER,
                str,
                OpenApiParameter.HEADER,
                response=[200, 201],
                description="A guest's secret; absent for users and for who has no cart yet.",
            ),
        ]
