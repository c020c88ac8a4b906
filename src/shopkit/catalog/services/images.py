"""Pictures of products and variants: added, changed, put in order, deleted.

A product's pictures have the places 0, 1, 2 and so on; the first is its primary one. What is kept
is re-encoded by us; the smaller sizes are made afterwards, by who hears of ``image_added``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.images import get_image_dimensions
from django.db import transaction
from django.utils.translation import gettext as _

from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.facts import image_added
from shopkit.catalog.models import Image, Product, Variant
from shopkit.core.files import delete_after_commit, stored
from shopkit.core.images import clean_image

from .cached import refresh_products
from .variants import lock_product

PLAIN = ("alt", "variant_id", "translations")
CHANGEABLE = frozenset({*PLAIN, "position"})


@dataclass(frozen=True)
class ImageData:
    """What is said of a picture.

    alt -- what it shows, for who cannot see it
    variant_id -- of the product's variants, the one that it shows; None for all of them
    position -- its place among the product's pictures, from 0; None for the last
    translations -- {language: {"alt": text}}
    source -- the URL that it was fetched from, or ""
    """

    alt: str = ""
    variant_id: int | None = None
    position: int | None = None
    translations: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""


def add_image(product: Product, *, file: "File[Any]", data: ImageData | None = None) -> Image:
    """Add an uploaded picture to ``product``; the ones behind its place move up.

    Looked at, decoded and written before any row is locked.

    Raises ValidationError: of ``image`` as ``clean_image`` does, and "too_many_images"; of the
    fields of ``data``. Product.DoesNotExist when it is off sale for ever. Announces
    ``image_added``.
    """
    refuse_too_many(product)
    return keep_image(product, picture=clean_upload(file), data=data)


def clean_upload(file: "File[Any]") -> "ContentFile[bytes]":
    """Return a picture as ``keep_image`` takes it. Raises ValidationError of ``image``."""
    return clean_image(file, longest_side=catalog_settings().IMAGE_SIDE, member="image")


def keep_image(
    product: Product, *, picture: "ContentFile[bytes]", data: ImageData | None = None
) -> Image:
    """Add what ``clean_upload`` returned to ``product``. Otherwise like ``add_image``."""
    data = data or ImageData()
    column: Any = Image._meta.get_field("file")
    width, height = get_image_dimensions(picture)
    path = column.generate_filename(None, picture.name)
    with stored(column.storage, path, picture) as name, transaction.atomic():
        locked = lock_product(product)
        refuse_too_many(locked)
        image = Image(product=locked, file=name, width=width, height=height, source=data.source)
        _assign(image, {one: getattr(data, one) for one in PLAIN})
        image.save()
        _place(image, data.position)
        image_added.announce(image_id=image.pk)
    return image


def update_image(image: Image, *, changes: Mapping[str, Any]) -> Image:
    """Change fields of ``image``.

    changes -- fields of ImageData but ``source``; a ``position`` moves the pictures between,
        ``TranslationChanges`` are laid over the translations there are

    Returns the picture as it is now stored. Raises ValidationError naming the wrong fields;
    Image.DoesNotExist or Product.DoesNotExist when one of them is gone; TypeError for other keys.
    """
    if unknown := sorted(changes.keys() - CHANGEABLE):
        raise TypeError(f"Not a changeable field of a picture: {', '.join(unknown)}.")
    with transaction.atomic():
        product = lock_product(image.product)
        # Read again under the lock: the caller's copy may be old.
        fresh = Image.objects.get(pk=image.pk, product=product)
        fresh.product = product
        _assign(fresh, {one: changes[one] for one in changes.keys() & set(PLAIN)})
        fresh.save(update_fields=PLAIN)
        if "position" in changes:
            _place(fresh, changes["position"])
    return fresh


def order_images(product: Product, keys: Sequence[int]) -> None:
    """Put the pictures of ``product`` into the order of ``keys``.

    Raises ValidationError when these are not just the pictures that it has, each once.
    """
    with transaction.atomic():
        locked = lock_product(product)
        found = _in_order(locked)
        if sorted(keys) != sorted(one.pk for one in found):
            message = _("These are not the pictures of this product. Look again and retry.")
            raise ValidationError(message, code="other_images")
        _number(locked, sorted(found, key=lambda one: keys.index(one.pk)))


def delete_image(image: Image) -> None:
    """Delete ``image``; its files go once that is stored.

    Raises Image.DoesNotExist or Product.DoesNotExist when one of them is gone.
    """
    with transaction.atomic():
        product = lock_product(image.product)
        # Locked, so that who is making its sizes has written them by now, or never will.
        Image.objects.select_for_update(of=("self",)).get(pk=image.pk).delete()
        _number(product, _in_order(product))


def forget_files(image: Image, *, using: str) -> None:
    """Delete the files of a picture whose row is being deleted, once that is stored.

    using -- alias of the database that it is deleted from
    """
    names = {str(image.file.name), *image.sizes.values()}
    delete_after_commit(image.file.storage, sorted(names), using=using)


def _assign(image: Image, values: Mapping[str, Any]) -> None:
    """Write ``values`` to ``image``. Raises ValidationError naming the wrong ones."""
    image.take(values)
    image.check_translations()
    image.clean_fields(exclude=["product", "variant", "file", "position"])
    key = image.variant_id
    if key is not None and not Variant.objects.filter(pk=key, product=image.product).exists():
        message = _("This product has no such variant.")
        raise ValidationError({"variant_id": ValidationError(message, code="does_not_exist")})
    same = Image.objects.filter(product=image.product, source=image.source).exclude(pk=image.pk)
    if image.source and same.exists():
        message = _("This product has that picture already.")
        raise ValidationError({"source": ValidationError(message, code="unique")})


def refuse_too_many(product: Product) -> None:
    """Raise ValidationError of ``image`` when ``product`` has as many pictures as it may."""
    most = catalog_settings().MAX_IMAGES
    if product.images.count() >= most:
        message = _("A product has at most %d pictures.") % most
        raise ValidationError({"image": ValidationError(message, code="too_many_images")})


def _in_order(product: Product) -> list[Image]:
    return list(Image.objects.filter(product=product).order_by("position", "pk"))


def _place(image: Image, at: int | None) -> None:
    """Move a picture of a locked product to a place, the last one at most."""
    others = [one for one in _in_order(image.product) if one.pk != image.pk]
    others.insert(len(others) if at is None else at, image)
    _number(image.product, others)


def _number(product: Product, images: Sequence[Image]) -> None:
    """Give the pictures of a locked product these places, and the product its primary one."""
    moved = []
    for position, image in enumerate(images):
        if image.position != position:
            image.position = position
            moved.append(image)
    Image.objects.bulk_update(moved, ["position"])
    first = images[0].pk if images else None
    if product.primary_image_id != first:
        refresh_products([product.pk])
