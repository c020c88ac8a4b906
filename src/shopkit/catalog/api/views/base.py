"""What the catalogue's endpoints share."""

from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from shopkit.core.api.permissions import ReadOnlyOrStaff
from shopkit.core.api.views import ShopkitView

VERBS = {"POST": "add", "DELETE": "delete"}


class CatalogView(ShopkitView):
    """Anyone reads; staff writes, with Django's own permission of the model.

    edits -- model name in the permission: "product"
    """

    edits: ClassVar[str]

    permission_classes = (ReadOnlyOrStaff,)
    tags = ("Catalogue",)
    is_cacheable = True

    @property
    def staff_permission(self) -> str:
        """The permission that the method of this request needs."""
        verb = VERBS.get(str(self.request.method), "change")
        return f"shopkit_catalog.{verb}_{self.edits}"

    def handle_exception(self, exc: Exception) -> Any:
        """Answer 404 when somebody else has deleted the row since we found it."""
        gone = isinstance(exc, ObjectDoesNotExist)
        answer: Response = super().handle_exception(NotFound() if gone else exc)
        return answer
