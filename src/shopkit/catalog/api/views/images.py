"""Pictures over HTTP."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.api.serializers import ImageChangeInput, ImageInput, StoredImageOutput
from shopkit.catalog.models import Image
from shopkit.catalog.services.images import ImageData, add_image, delete_image, update_image
from shopkit.core.api.uploads import UploadView

from .base import CatalogView
from .products import find_product


class ProductImagesView(UploadView, CatalogView):
    """POST another picture of a product, as ``multipart/form-data``."""

    edits = "image"
    input_classes: ClassVar = {"POST": ImageInput}
    output_classes: ClassVar = {"POST": StoredImageOutput}

    def post(self, request: Request, ref: str) -> Response:
        """Add the picture."""
        product = find_product(ref)
        given = self.read(request)
        file = given.pop("image")
        return self.write(add_image(product, file=file, data=ImageData(**given)))


class ImageView(CatalogView):
    """PATCH what is said of a picture; DELETE it with its files."""

    edits = "image"
    input_classes: ClassVar = {"PATCH": ImageChangeInput}
    output_classes: ClassVar = {"PATCH": StoredImageOutput}

    def patch(self, request: Request, pk: int) -> Response:
        """Change what is named."""
        return self.write(update_image(self.find(pk), changes=self.read(request)))

    def delete(self, _request: Request, pk: int) -> Response:
        """Delete the picture."""
        delete_image(self.find(pk))
        return Response(status=204)

    def find(self, pk: int) -> Any:
        """Return the picture of a product that is not deleted."""
        rows = Image.objects.filter(product__deleted_at=None).select_related("product")
        return get_object_or_404(rows, pk=pk)
