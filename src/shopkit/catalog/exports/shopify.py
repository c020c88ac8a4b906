"""Products as Shopify imports them, and as ``imports.shopify`` reads them back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from shopkit.catalog.imports.cells import html_of, join_path, shield
from shopkit.catalog.imports.shopify import OPTIONS, VENDOR
from shopkit.catalog.models import AttributeValue, Image, Product, Variant
from shopkit.core.conf import core_settings
from shopkit.core.money import format_amount

from .chunks import TRUTH, product_chunks
from .house_products import category_paths, units_left

HEADER = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name",
    "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
    "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty",
    "Variant Inventory Policy", "Variant Fulfillment Service", "Variant Price",
    "Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable", "Variant Barcode",
    "Image Src", "Image Position", "Image Alt Text", "Gift Card", "Variant Image",
    "Variant Weight Unit",
)  # fmt: skip

Cells = dict[str, str]


def shopify_rows(products: Any = None) -> Iterator[list[str]]:
    """Yield the header and the lines of all products that are not off sale for ever.

    Shopify knows less than we do: variants that are switched off, all but three attributes of a
    variant and all but the vendor of a product's, further categories, translations and metadata
    but the tags are left out. A product whose variants differ by nothing has the option "Title".
    All pictures are the product's, and the first one of a variant is the variant's, too.

    products -- a queryset, to write only these
    """
    yield list(HEADER)
    paths = category_paths()
    values = "attribute_values__value__attribute"
    for chunk in product_chunks(products, values, f"variants__{values}", "images"):
        stock = units_left(chunk)
        for product in chunk:
            path = paths.get(product.category_id or 0, ())
            for cells in _Writer(product, stock).lines(join_path(path)):
                yield [shield(cells.get(name, "")) for name in HEADER]


class _Writer:
    """The lines of one product: its variants', and its images' beside and below them."""

    def __init__(self, product: Product, stock: dict[int, int | None]) -> None:
        self.product = product
        self.stock = stock
        own = (one for one in product.variants.all() if one.is_active)
        self.variants = sorted(own, key=lambda one: (one.position, one.pk))
        self.images = sorted(product.images.all(), key=lambda one: (one.position, one.pk))
        # A variant names one of the product's pictures: its first.
        self.of_variants = {one.variant_id: one for one in reversed(self.images) if one.variant_id}
        self.options = self._options()

    def lines(self, type: str) -> Iterator[Cells]:
        own = self._product(type)
        for number, (variant, image) in enumerate(zip_longest(self.variants, self.images), 1):
            cells = {"Handle": self.product.slug, **own}
            if variant is not None:
                cells |= self._variant(variant, is_first=number == 1)
            if image is not None:
                cells |= {
                    "Image Src": address_of(image),
                    "Image Position": str(number),
                    "Image Alt Text": image.alt,
                }
            yield cells
            own = {}

    def _options(self) -> list[str]:
        """Return the codes of the attributes that tell the variants apart, in their order."""
        found = {
            value.attribute.code: value.attribute
            for variant in self.variants
            for value in _values(variant)
        }
        ordered = sorted(found.values(), key=lambda one: (one.position, one.code))
        return [one.code for one in ordered][: len(OPTIONS)]

    def _product(self, type: str) -> Cells:
        vendor = next(
            (one.value for one in _values(self.product) if one.attribute.code == VENDOR.code), ""
        )
        return {
            "Title": self.product.name,
            "Body (HTML)": html_of(self.product.description),
            "Vendor": vendor,
            "Type": type,
            "Tags": str(self.product.metadata.get("tags") or ""),
            "Published": TRUTH[self.product.is_active],
            "Gift Card": "false",
        }

    def _variant(self, variant: Variant, *, is_first: bool) -> Cells:
        units = self.stock.get(variant.pk)
        image = self.of_variants.get(variant.pk)
        return {
            **self._option_cells(variant, is_first=is_first),
            **_price_cells(variant),
            "Variant SKU": variant.sku,
            "Variant Grams": str(variant.weight),
            "Variant Inventory Tracker": "" if units is None else "shopify",
            "Variant Inventory Qty": "" if units is None else str(units),
            "Variant Inventory Policy": "deny",
            "Variant Fulfillment Service": "manual",
            "Variant Requires Shipping": "true",
            "Variant Taxable": "true",
            "Variant Barcode": variant.barcode,
            "Variant Image": "" if image is None else address_of(image),
            "Variant Weight Unit": "g",
        }

    def _option_cells(self, variant: Variant, *, is_first: bool) -> Cells:
        if not self.options:
            named = {"Option1 Name": "Title"} if is_first else {}
            return {**named, "Option1 Value": "Default Title"}
        values = {one.attribute.code: one for one in _values(variant)}
        cells = {}
        for number, code in enumerate(self.options, 1):
            if is_first:
                cells[f"Option{number} Name"] = self._name_of(code)
            cells[f"Option{number} Value"] = values[code].value if code in values else ""
        return cells

    def _name_of(self, code: str) -> str:
        return next(
            value.attribute.name
            for variant in self.variants
            for value in _values(variant)
            if value.attribute.code == code
        )


def address_of(image: Image) -> str:
    """Return where the picture came from, or else where it is now."""
    return image.source or str(image.file.url)


def _values(owner: Product | Variant) -> Sequence[AttributeValue]:
    return [one.value for one in owner.attribute_values.all()]


def _price_cells(variant: Variant) -> Cells:
    currency = core_settings().CURRENCY
    price = format_amount(variant.price, currency)
    if variant.sale_price is None:
        return {"Variant Price": price, "Variant Compare At Price": ""}
    sale = format_amount(variant.sale_price, currency)
    return {"Variant Price": sale, "Variant Compare At Price": price}
