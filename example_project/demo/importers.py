"""An importer of one's own: products as dummyjson.com gives them.

``SHOPKIT["CATALOG"]["IMPORT_FORMATS"]`` names it. What it has to do is to turn a file into records;
looking up, comparing, saving, resuming and telling what is wrong are the same for all formats.
"""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from shopkit.catalog.imports.records import (
    Definition,
    ImageRecord,
    ProductRecord,
    VariantRecord,
)
from shopkit.catalog.imports.report import UnreadableFile
from shopkit.core.conf import core_settings
from shopkit.core.money import round_money

BRAND = Definition("brand", "Brand")


def read_dummyjson(path: Path) -> Iterator[ProductRecord]:
    """Yield a record for each product of the file; ``line`` is its number there, from 1.

    The price is what one pays before the discount, in the shop's currency. Ratings and reviews
    are left out: a shop's own customers write those. Raises UnreadableFile.
    """
    try:
        # Amounts as they are written, not as floats.
        found = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        products = found["products"] if isinstance(found, dict) else found
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableFile(f"This is no JSON of products: {error}") from error
    if not isinstance(products, list):
        raise UnreadableFile("This is no JSON of products: there is no list of them.")
    for number, given in enumerate(products, 1):
        record = ProductRecord(number, "")
        # What strangers write may have any shape.
        try:
            _fill(record, given)
        except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation) as error:
            record.errors[number] = f"It cannot be read: {error!r}"
        yield record


def _fill(record: ProductRecord, given: dict[str, Any]) -> None:
    # In the words of this source; two products may have one title, but never one id.
    record.slug = slugify(f"{given['title']}-{given['id']}")
    record.fields = {
        "slug": record.slug,
        "name": str(given["title"]),
        "description": str(given.get("description", "")),
    }
    record.categories = [(given["category"].replace("-", " ").capitalize(),)]
    record.metadata = {"tags": ", ".join(given.get("tags", [])) or None}
    if brand := given.get("brand"):
        record.definitions = {BRAND.code: BRAND}
        record.attributes = {BRAND.code: str(brand)}
    record.images = [
        ImageRecord(record.line, str(url), position)
        for position, url in enumerate(given.get("images", []), 1)
    ]
    price = Decimal(given["price"])
    fields = {
        "sku": str(given["sku"]),
        "price": price,
        "sale_price": _reduced(price, Decimal(given.get("discountPercentage", 0))),
        "barcode": str(given.get("meta", {}).get("barcode", "")),
    }
    record.variants = [VariantRecord(record.line, fields, stock=int(given.get("stock", 0)))]


def _reduced(price: Decimal, percent: Decimal) -> Decimal | None:
    """Return the price less ``percent``; None where that makes no difference one could pay."""
    reduced = round_money(price * (100 - percent) / 100, core_settings().CURRENCY)
    return reduced if reduced < price else None
