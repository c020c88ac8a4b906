"""Pictures from strangers: looked at before they are decoded, and never stored as they came.

What is kept is a new picture of our own encoding. So nothing that was hidden in the old one (a
script, an archive, the place where it was taken) survives.
"""

import secrets
from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST_FILE = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
READ = ("JPEG", "PNG", "WEBP")  # by content; the name and the declared type prove nothing
QUALITY = 85


def clean_image(file: "File[Any]", *, longest_side: int, member: str) -> "ContentFile[bytes]":
    """Return a picture as WebP under a random name, turned upright and without metadata.

    longest_side -- in pixels; a larger picture is made smaller, a smaller one stays
    member -- what an error is filed under

    Raises ValidationError: "image_too_large" (bytes), "too_many_pixels", "animated_image",
    "invalid_image" for what is no JPEG, PNG or WebP or is broken.
    """
    if (file.size or 0) > LARGEST_FILE:
        raise _no(member, _("The picture is larger than 5 MB."), "image_too_large")
    try:
        image = Image.open(file.file or file, formats=READ)
        wrong = _wrong(image)
        upright = None if wrong else _redrawn(image, longest_side)
    except Exception as error:  # decoders fed by strangers raise anything
        text = _("This is no JPEG, PNG or WebP picture, or it is broken.")
        raise _no(member, text, "invalid_image") from error
    if upright is None:
        raise _no(member, *wrong)
    return ContentFile(_encoded(upright), name=f"{secrets.token_hex(16)}.webp")


def smaller_images(
    file: "File[Any]", *, longest_sides: Collection[int]
) -> Iterator[tuple[int, "ContentFile[bytes]"]]:
    """Yield (longest side, WebP picture) for those of ``longest_sides`` that make it smaller.

    From the largest to the smallest, each made of the one before, so that one decoded picture is
    in memory at a time, at most as large as the largest that is wanted.

    Raises ValueError for what is no picture that ``clean_image`` would take.
    """
    try:
        image: Image.Image = Image.open(file, formats=READ)
        if wrong := _wrong(image):
            raise ValueError(wrong[0])
        for side in sorted(longest_sides, reverse=True):
            if side < max(image.size):
                image = _redrawn(image, side)
                yield side, ContentFile(_encoded(image))
    except Exception as error:  # decoders raise anything
        raise ValueError(f"This picture cannot be read: {error}") from error


def _wrong(image: Image.Image) -> tuple[str, ...]:
    """Say what is wrong by the header alone; nothing was decoded yet."""
    if image.width * image.height > MOST_PIXELS:
        return _("The picture has more than 25 million pixels."), "too_many_pixels"
    # A JPEG may hold several pictures too (MPO, from telephones); the first one is meant.
    if image.format in {"PNG", "WEBP"} and getattr(image, "is_animated", False):
        return _("The picture must not move."), "animated_image"
    return ()


def _redrawn(image: Image.Image, longest_side: int) -> Image.Image:
    image.draft(
        "RGB", (longest_side, longest_side)
    )  # decode a large JPEG at a fraction of its size
    mode = "RGBA" if image.has_transparency_data else "RGB"
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode in {"I", "I;16"}:  # grey in 16 bits; as they are, nearly all of them are white
        image.info.pop("transparency", None)
        image = image.point(lambda grey: grey * (1 / 256)).convert("L")
    drawn = image if image.mode == mode else image.convert(mode)  # a copy is a hundred megabytes
    drawn.thumbnail((longest_side, longest_side))
    return drawn


def _encoded(image: Image.Image) -> bytes:
    image.info.clear()
    stream = BytesIO()
    image.save(stream, "WEBP", quality=QUALITY)
    return stream.getvalue()


def _no(member: str, text: str, code: str) -> ValidationError:
    return ValidationError({member: ValidationError(text, code=code)})
