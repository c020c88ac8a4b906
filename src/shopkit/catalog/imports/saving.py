"""One product of a file becomes, changes or equals one in the shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.availability import availability
from shopkit.catalog.models import Product, Variant
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    add_variant,
    create_product,
    update_product,
    update_variant,
)
from shopkit.core.errors import Refusal
from shopkit.core.metadata import merge_metadata

from .records import ProductRecord, VariantRecord
from .report import reasons
from .vocabulary import Vocabulary


class LineError(Exception):
    """A wrong line inside a product."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Known:
    """What the shop has of some products of a file.

    products -- by slug, with categories, variants and values fetched
    owners -- {SKU: slug of the product it belongs to}
    """

    products: Mapping[str, Product]
    owners: Mapping[str, str]


def save_product(
    record: ProductRecord,
    known: Known,
    vocabulary: Vocabulary,
    *,
    reference: str,
    sets_stock: bool,
) -> str:
    """Make or change the product of ``record``; call it in a transaction of its own.

    Returns "created", "updated" or "unchanged". Raises LineError or ValidationError when it
    cannot be; the transaction must be rolled back then.
    """
    for variant in record.variants:
        owner = known.owners.get(variant.sku, record.slug)
        if owner != record.slug:
            message = _("The SKU “%(sku)s” belongs to another product, “%(slug)s”.")
            raise LineError(variant.line, message % {"sku": variant.sku, "slug": owner})
    product = known.products.get(record.slug)
    if product is not None and product.deleted_at:
        raise LineError(record.line, _("This product has been taken off sale for ever."))
    vocabulary.prepare(record)
    if product is None:
        _create(record, vocabulary)
        return "created"
    changes = _Changes(product, record, vocabulary)
    # Stock first: it locks its rows before the product's, as every buyer does.
    is_counted = sets_stock and _set_stock(changes.variants, record, reference=reference)
    is_changed = changes.write()
    return "updated" if is_changed or is_counted else "unchanged"


def _create(record: ProductRecord, vocabulary: Vocabulary) -> None:
    fields = {"name": "", "metadata": _filled(record.metadata), **record.fields}
    data = ProductData(
        **fields,
        variants=[_data(variant) for variant in record.variants],
        categories=[vocabulary.category(path) for path in record.categories or ()],
        attributes=_filled(record.attributes),
    )
    try:
        create_product(data)
    except ValidationError as error:
        raise _at_its_line(error, record) from error


def _data(variant: VariantRecord) -> VariantData:
    return VariantData(
        **variant.fields, attributes=_filled(variant.attributes), stock=variant.stock or 0
    )


def _filled(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value not in ("", None)}


def _at_its_line(error: ValidationError, record: ProductRecord) -> LineError:
    """Return the error at the line of the first variant it names, or else of the product."""
    for name, wrong in getattr(error, "error_dict", {}).items():
        kind, _dot, rest = name.partition(".")
        index, _dot, field = rest.partition(".")
        if kind == "variants" and index.isdigit():
            reason = reasons(ValidationError({field: wrong}))
            return LineError(record.variants[int(index)].line, reason)
    return LineError(record.line, reasons(error))


class _Changes:
    """The difference between a stored product and a record, sent to the services."""

    def __init__(self, product: Product, record: ProductRecord, vocabulary: Vocabulary) -> None:
        self.product = product
        self.record = record
        self.vocabulary = vocabulary
        self.variants = {one.sku: one for one in product.variants.all()}

    def write(self) -> bool:
        """Send what differs; say whether anything did."""
        changes = self._of_product()
        if changes:
            update_product(self.product, changes=changes)
        is_changed = bool(changes)
        # What is switched on comes first: a product is never without an active variant.
        for variant in sorted(self.record.variants, key=_is_switched_off):
            try:
                is_changed |= self._write_variant(variant)
            except ValidationError as error:
                raise LineError(variant.line, reasons(error)) from error
            except Refusal as error:
                raise LineError(variant.line, str(error)) from error
        return is_changed

    def _of_product(self) -> dict[str, Any]:
        wanted = {**self.record.fields, **self._metadata()}
        changes = _differing(self.product, wanted)
        changes |= self._attributes(self.product, self.record.attributes)
        return changes | self._categories()

    def _metadata(self) -> dict[str, Any]:
        if self.record.is_complete or not self.record.metadata:
            return {}
        removed = {name for name, value in self.record.metadata.items() if value is None}
        both = {**self.product.metadata, **self.record.metadata}
        return {"metadata": {name: both[name] for name in both.keys() - removed}}

    def _attributes(self, owner: Product | Variant, given: Mapping[str, str]) -> dict[str, Any]:
        old = {one.value.attribute.code: one.value.value for one in owner.attribute_values.all()}
        new = self.vocabulary.canonical({**old, **given})
        return {} if new == old else {"attributes": new}

    def _categories(self) -> dict[str, Sequence[int]]:
        if self.record.categories is None:
            return {}
        primary = self.product.category_id
        old = [one.pk for one in self.product.categories.all() if one.pk != primary]
        if primary is not None:
            old.insert(0, primary)
        new = [self.vocabulary.category(path) for path in self.record.categories]
        if not self.record.is_complete:
            new = [*old, *(pk for pk in new if pk not in old)]
        is_same = new[:1] == old[:1] and set(new) == set(old)
        return {} if is_same else {"categories": new}

    def _write_variant(self, record: VariantRecord) -> bool:
        variant = self.variants.get(record.sku)
        if variant is None:
            add_variant(self.product, _data(record))
            return True
        changes = _differing(variant, record.fields)
        changes |= self._attributes(variant, record.attributes)
        if changes:
            update_variant(variant, changes=changes)
        return bool(changes)


def _differing(stored: Product | Variant, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of ``wanted`` that ``stored`` would not have after an update."""
    found = {}
    for name, value in wanted.items():
        old = getattr(stored, name)
        after = merge_metadata(old, value) if name == "metadata" else value
        if old != after:
            found[name] = value
    return found


def _is_switched_off(record: VariantRecord) -> bool:
    return not record.fields.get("is_active", True)


def _set_stock(variants: Mapping[str, Variant], record: ProductRecord, *, reference: str) -> bool:
    """Set the stock of variants that were there before; say whether what can be had changed."""
    wanted = {
        variants[one.sku].pk: one.stock
        for one in record.variants
        if one.sku in variants and one.stock is not None
    }
    if not wanted:
        return False
    provider = availability()
    before = dict(provider.available(list(wanted)))
    provider.set_stock(wanted, reference=reference)
    return dict(provider.available(list(wanted))) != before
