"""Pictures of imported products: fetched after their product is stored, in no transaction."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.models import Image, Product
from shopkit.catalog.services.fetching import fetch_image
from shopkit.catalog.services.images import ImageData, keep_image, refuse_too_many
from shopkit.core.errors import ShopkitError
from shopkit.core.fetch import host_of
from shopkit.core.http import Unreachable

from .records import ImageRecord, ProductRecord
from .report import Message

# A host that was silent so often is not asked again: each time costs a timeout.
PATIENCE = 3


class Pictures:
    """Fetches what a file names, each address of a product once and for all.

    What cannot be had is told as a note, and tried again by the next run of the file.
    """

    def __init__(self) -> None:
        self._silent: Counter[str] = Counter()

    def take(self, record: ProductRecord) -> list[Message]:
        """Give the stored product of ``record`` the pictures that it lacks; return what to tell."""
        if not record.images:
            return []
        own = Image.objects.filter(product__slug=record.slug)
        known = {source or _name_in(file) for source, file in own.values_list("source", "file")}
        missing = [one for one in record.images if known.isdisjoint({one.url, _name_in(one.url)})]
        product = Product.objects.kept().filter(slug=record.slug).first() if missing else None
        if product is None:  # there is nothing to do, or it has been deleted meanwhile
            return []
        variants = dict(product.variants.values_list("sku", "pk"))
        reasons = ((one, self._add(product, one, variants.get(one.sku))) for one in missing)
        return [
            Message(one.line, _("Its image was not imported: %s") % reason, is_error=False)
            for one, reason in reasons
            if reason
        ]

    def _add(self, product: Product, picture: ImageRecord, variant: int | None) -> str:
        """Return why it was not added, or ""."""
        data = ImageData(alt=picture.alt, variant_id=variant, source=picture.url)
        try:
            refuse_too_many(product)  # before the other side is asked in vain
            keep_image(product, picture=self._fetched(picture.url), data=data)
        except ValidationError as error:
            return " ".join(error.messages)
        except ShopkitError as error:
            return str(error)
        except Product.DoesNotExist:
            return _("Its product has been deleted meanwhile.")
        return ""

    def _fetched(self, url: str) -> Any:
        host = host_of(url)
        if self._silent[host] >= PATIENCE:
            raise Unreachable(_("Its host did not answer before."))
        try:
            picture = fetch_image(url)
        except Unreachable:
            self._silent[host] += 1
            raise
        self._silent[host] = 0
        return picture


def _name_in(address: str) -> str:
    """Return the last part of a path: our own names are random, and say which picture it is.

    Wherever its storage is, and however it signs addresses, an export names it by this.
    """
    return address.partition("?")[0].rpartition("/")[2]
