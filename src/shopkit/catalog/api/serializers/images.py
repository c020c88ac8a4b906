"""Pictures as staff send and see them."""

from typing import Any

from rest_framework import serializers

from shopkit.catalog.models import Image
from shopkit.core.api.fields import KeyField

from .inputs import LARGEST
from .products import ImageOutput, Shown
from .translations import TextsByLanguageOutput, TranslationsInput


class ImagePlaceInput(serializers.Serializer[Any]):
    """What can be said of a picture."""

    alt = serializers.CharField(max_length=200, required=False, allow_blank=True)
    variant_id = KeyField(
        required=False, allow_null=True, help_text="The variant it shows; null for all of them."
    )
    position = serializers.IntegerField(
        min_value=0, max_value=LARGEST, required=False, help_text="From 0; the last by default."
    )


class ImageInput(ImagePlaceInput):
    """A JPEG, PNG or WebP picture, at most 5 MB and 25 million pixels."""

    image = serializers.FileField(allow_empty_file=True)


class ImageChangeInput(ImagePlaceInput):
    """Changes of a picture; a position moves the ones between."""

    translations = TranslationsInput(required=False)


class StoredImageOutput(ImageOutput, Shown):
    """A picture with its place. The sizes of a new one are made soon after the answer."""

    variant_id = serializers.IntegerField(allow_null=True)
    position = serializers.IntegerField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    translations = TextsByLanguageOutput()

    def to_representation(self, image: Image) -> dict[str, Any]:
        """Return the picture."""
        shown = self.picture(str(image.file.name), image.alt, image.translations, image.sizes)
        own = ("variant_id", "position", "width", "height", "translations")
        return {"id": image.pk, **shown, **{name: getattr(image, name) for name in own}}
