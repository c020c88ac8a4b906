"""One's photo over HTTP."""

# ruff: noqa: RUF012 - the base class declares these constants ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.accounts.models import Profile
from shopkit.accounts.services import photos
from shopkit.core.api.fields import StrictInput
from shopkit.core.api.permissions import IsAuthenticated
from shopkit.core.api.uploads import UploadView


class PhotoInput(StrictInput):
    """A JPEG, PNG or WebP picture, at most 5 MB and 25 million pixels."""

    photo = serializers.FileField(allow_empty_file=True)


class PhotoOutput(serializers.ModelSerializer[Profile]):
    """Where the photo is."""

    photo = serializers.FileField(read_only=True)

    class Meta:
        model = Profile
        fields = ("photo",)


class PhotoView(UploadView):
    """PUT one's photo as ``multipart/form-data``, or DELETE it (204)."""

    permission_classes = (IsAuthenticated,)
    input_classes = {"PUT": PhotoInput}
    output_classes = {"PUT": PhotoOutput}
    tags = ("Accounts",)

    def put(self, request: Request) -> Response:
        """Set the photo; the old file goes."""
        return self.write(photos.set_photo(request.user, file=self.read(request)["photo"]))

    def delete(self, request: Request) -> Response:
        """Take the photo away."""
        photos.remove_photo(request.user)
        return Response(status=204)
