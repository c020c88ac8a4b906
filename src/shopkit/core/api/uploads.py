"""What endpoints share that take a file."""

from typing import Any

from rest_framework.request import Request

from shopkit.core.images import LARGEST_FILE

from .parsers import BoundedMultiPartParser
from .problems import BodyTooLarge
from .views import ShopkitView


class UploadView(ShopkitView):
    """An endpoint that takes a picture as ``multipart/form-data``."""

    parser_classes: Any = (BoundedMultiPartParser,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is far too large before any of it is read."""
        super().initial(request, *args, **kwargs)
        declared = str(request.META.get("CONTENT_LENGTH") or "0")
        if declared.isdigit() and int(declared) > 2 * LARGEST_FILE:
            raise BodyTooLarge
