"""One's photo over HTTP."""

# ruff: noqa: RUF012 - the base class declares these constants ClassVar

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.accounts.models import Profile
from shopkit.accounts.services import photos
from shopkit.core.api.fields import StrictInput
from shopkit.core.api.parsers import BoundedMultiPartParser
from shopkit.core.api.permissions import IsAuthenticated
from shopkit.core.api.problems import BodyTooLarge
from shopkit.core.api.views import ShopkitView
from shopkit.core.images import LARGEST_FILE


class PhotoInput(StrictInput):
    """A JPEG, PNG or WebP picture, at most 5 MB and 25 million pixels."""

    photo = serializers.FileField(allow_empty_file=True)


class PhotoOutput(serializers.ModelSerializer[Profile]):
    """Where the photo is."""

    photo = serializers.FileField(read_only=True)

    class Meta:
        model = Profile
        fields = ("photo",)


class PhotoView(ShopkitView):
    """PUT one's photo as ``multipart/form-data``, or DELETE it (204)."""

    permission_classes = (IsAuthenticated,)
    parser_classes: Any = (BoundedMultiPartParser,)
    input_classes = {"PUT": PhotoInput}
    output_classes = {"PUT": PhotoOutput}
    tags = ("Accounts",)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is far too large before any of it is read."""
        super().initial(request, *args, **kwargs)
        declared = str(request.META.get("CONTENT_LENGTH") or "0")
        if declared.isdigit() and int(declared) > 2 * LARGEST_FILE:
            raise BodyTooLarge

    def put(self, request: Request) -> Response:
        """Set the photo; the old file goes."""
        return self.write(photos.set_photo(request.user, file=self.read(request)["photo"]))

    def delete(self, request: Request) -> Response:
        """Take the photo away."""
        photos.remove_photo(request.user)
        return Response(status=204)
