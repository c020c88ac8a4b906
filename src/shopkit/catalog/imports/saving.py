"""Products of a file become, change or equal those in the shop, some hundred at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.availability import availability
from shopkit.catalog.models import Product, ProductType, Variant
from shopkit.catalog.services.bulk import change_prices, create_products
from shopkit.catalog.services.products import (
    OF_TYPE,
    ProductData,
    VariantData,
    add_variant,
    update_product,
    update_variant,
)
from shopkit.catalog.services.tree import tree_lock
from shopkit.core.errors import Refusal
from shopkit.core.metadata import merge_metadata

from .keeping import WrongItems
from .records import ProductRecord, VariantRecord
from .report import reasons
from .vocabulary import Vocabulary

PRICES = frozenset({"price", "sale_price"})


@dataclass(frozen=True)
class Known:
    """What the shop has of some products of a file.

    products -- by slug, with categories, variants and values fetched
    owners -- {SKU: slug of the product it belongs to}
    """

    products: Mapping[str, Product]
    owners: Mapping[str, str]


@dataclass(frozen=True)
class ProductSaver:
    """Saves records, all or none; call it in a transaction of its own.

    reference -- what the stock ledger says where numbers come from
    sets_stock -- set the stock of variants that exist, too
    """

    vocabulary: Vocabulary
    reference: str
    sets_stock: bool

    def save(self, records: Sequence[ProductRecord]) -> list[str]:
        """Return "created", "updated" or "unchanged" for each.

        Locks in one order: names of attributes and values, the tree, stock, products. Raises
        WrongItems, ValidationError or Refusal; the transaction must be rolled back then.
        """
        known = look_up(records)
        self._refuse(records, known)
        self._prepare(records)
        places = [self._categories(record) for record in records]
        both = list(zip(records, places, strict=True))
        new = {n: one for n, one in enumerate(both) if one[0].slug not in known.products}
        old = {
            n: Changes(known.products[record.slug], record, categories, self.vocabulary)
            for n, (record, categories) in enumerate(both)
            if n not in new
        }
        outcomes = dict.fromkeys(new, "created")
        changed = [n for n, one in old.items() if one.is_any]
        if new or changed:
            with tree_lock(shared=True):
                counted = self._set_stock(old)
                self._change({n: old[n] for n in changed})
                self._create(new)
        else:
            counted = self._set_stock(old)
        for n in old:
            outcomes[n] = "updated" if n in changed or n in counted else "unchanged"
        return [outcomes[n] for n in range(len(records))]

    def _refuse(self, records: Sequence[ProductRecord], known: Known) -> None:
        wrong = _of_unknown_types(records)
        for n, record in enumerate(records):
            product = known.products.get(record.slug)
            if product is not None and product.deleted_at:
                wrong[n] = (record.line, _("This product has been taken off sale for ever."))
            for variant in record.variants:
                owner = known.owners.get(variant.sku, record.slug)
                if owner != record.slug:
                    message = _("The SKU “%(sku)s” belongs to another product, “%(slug)s”.")
                    values = {"sku": variant.sku, "slug": owner}
                    wrong[n] = (variant.line, message % values)
        if wrong:
            raise WrongItems(wrong)

    def _prepare(self, records: Sequence[ProductRecord]) -> None:
        for n, record in enumerate(records):
            try:
                self.vocabulary.prepare(record)
            except ValidationError as error:
                raise WrongItems({n: (record.line, reasons(error))}) from error

    def _categories(self, record: ProductRecord) -> list[int] | None:
        if record.categories is None:
            return None
        return [self.vocabulary.category(path) for path in record.categories]

    def _create(self, new: Mapping[int, tuple[ProductRecord, list[int] | None]]) -> None:
        numbers = list(new)
        if not numbers:
            return
        try:
            create_products([_product(*new[n]) for n in numbers])
        except ValidationError as error:
            wrong = _by_item(error, [new[n][0] for n in numbers])
            if not wrong:
                raise
            raise WrongItems({numbers[index]: at for index, at in wrong.items()}) from error

    def _set_stock(self, old: Mapping[int, Changes]) -> Collection[int]:
        """Set the stock of variants that were there before; return whose can now be had else."""
        if not self.sets_stock:
            return ()
        owner = {pk: n for n, one in old.items() for pk in one.stock}
        wanted = {pk: old[n].stock[pk] for pk, n in owner.items()}
        if not wanted:
            return ()
        provider = availability()
        before = dict(provider.available(list(wanted)))
        try:
            provider.set_stock(wanted, reference=self.reference)
        except Refusal as error:
            n = owner.get(error.details.get("variant_id", 0))
            if n is None:
                raise
            raise WrongItems({n: (old[n].record.line, str(error))}) from error
        after = provider.available(list(wanted))
        return {owner[pk] for pk in wanted if after[pk] != before[pk]}

    def _change(self, changed: Mapping[int, Changes]) -> None:
        if not changed:
            return
        keys = [one.product.pk for one in changed.values()]
        rows = Product.objects.filter(pk__in=keys).order_by("pk")
        list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))
        self._change_prices(changed)
        for n, one in changed.items():
            try:
                one.write()
            except WrongLine as wrong:
                raise WrongItems({n: (wrong.line, wrong.reason)}) from wrong

    def _change_prices(self, changed: Mapping[int, Changes]) -> None:
        """Prices change most often, and of most variants at once."""
        owner = {pk: n for n, one in changed.items() for pk in one.prices}
        if not owner:
            return
        try:
            change_prices({pk: changed[n].prices[pk] for pk, n in owner.items()})
        except ValidationError as error:
            found = {}
            for name, wrong in getattr(error, "error_dict", {}).items():
                pk, _dot, field = name.partition(".")
                one = changed[owner[int(pk)]]
                line = one.line_of(int(pk))
                found[owner[int(pk)]] = (line, reasons(ValidationError({field: wrong})))
            raise WrongItems(found) from error


class WrongLine(Exception):
    """A wrong line inside a product."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class Changes:
    """The difference between a stored product and a record.

    prices -- {variant pk: {"price", "sale_price"}} of variants of which nothing else changes
    stock -- {variant pk: units} that the record says of variants that are there
    """

    def __init__(
        self,
        product: Product,
        record: ProductRecord,
        categories: Sequence[int] | None,
        vocabulary: Vocabulary,
    ) -> None:
        self.product = product
        self.record = record
        self.vocabulary = vocabulary
        self.kind = product.type.code if product.type else None
        self.variants = {one.sku: one for one in product.variants.all()}
        self.of_product = self._of_product(categories)
        self.new: list[VariantRecord] = []
        self.of_variants: list[tuple[VariantRecord, dict[str, Any]]] = []
        self.prices: dict[int, dict[str, Any]] = {}
        for one in record.variants:
            self._compare(one)
        self.stock = {
            self.variants[one.sku].pk: one.stock
            for one in record.variants
            if one.sku in self.variants and one.stock is not None
        }

    @property
    def is_any(self) -> bool:
        """Whether there is a difference, stock apart."""
        return bool(self.of_product or self.new or self.of_variants or self.prices)

    def line_of(self, pk: int) -> int:
        """Return the line of the variant with the key ``pk``."""
        return next(
            one.line
            for one in self.record.variants
            if one.sku in self.variants and self.variants[one.sku].pk == pk
        )

    def write(self) -> None:
        """Send what differs to the services, prices apart. Raises WrongLine."""
        of_product, kind = self._without_type()
        with _at(self.record.line):
            if of_product:
                update_product(self.product, changes=of_product)
        # What is switched on comes first: a product is never without an active variant.
        steps = [(one, None) for one in self.new] + list(self.of_variants)
        for record, changes in sorted(steps, key=lambda step: _is_switched_off(step[0])):
            with _at(record.line):
                if changes is None:
                    add_variant(self.product, _variant(record))
                else:
                    update_variant(self.variants[record.sku], changes=changes)
        with _at(self.record.line):
            if kind is not None:
                update_product(self.product, changes={"type": kind})

    def _without_type(self) -> tuple[dict[str, Any], str | None]:
        """Return the product's changes, and the type that it gets after all the others.

        It must fit its type at every step, and the values that do so come with its variants, too.
        """
        is_split = bool(self.new or self.of_variants) and bool(self.of_product.keys() & OF_TYPE)
        if "type" in self.of_product or (self.kind and is_split):
            return {**self.of_product, "type": None}, self.of_product.get("type", self.kind)
        return self.of_product, None

    def _of_product(self, categories: Sequence[int] | None) -> dict[str, Any]:
        wanted = {**self.record.fields, **self._metadata()}
        kind = wanted.pop("type", self.kind)
        changes: dict[str, Any] = {} if kind == self.kind else {"type": kind}
        changes |= _differing(self.product, wanted)
        changes |= self._attributes(self.product, self.record.attributes)
        return changes | self._places(categories)

    def _compare(self, record: VariantRecord) -> None:
        variant = self.variants.get(record.sku)
        if variant is None:
            self.new.append(record)
            return
        changes = _differing(variant, record.fields)
        changes |= self._attributes(variant, record.attributes)
        if changes and changes.keys() <= PRICES:
            self.prices[variant.pk] = changes
        elif changes:
            self.of_variants.append((record, changes))

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

    def _places(self, categories: Sequence[int] | None) -> dict[str, Sequence[int]]:
        if categories is None:
            return {}
        primary = self.product.category_id
        old = [one.pk for one in self.product.categories.all() if one.pk != primary]
        if primary is not None:
            old.insert(0, primary)
        new = list(categories)
        if not self.record.is_complete:
            new = [*old, *(pk for pk in new if pk not in old)]
        is_same = new[:1] == old[:1] and set(new) == set(old)
        return {} if is_same else {"categories": new}


def look_up(records: Sequence[ProductRecord]) -> Known:
    """Return what the database has of these products: a constant number of statements."""
    values = "attribute_values__value__attribute"
    products = Product.objects.filter(slug__in=[one.slug for one in records])
    products = products.select_related("type").prefetch_related(
        "categories", values, f"variants__{values}"
    )
    skus = [variant.sku for one in records for variant in one.variants]
    owners = Variant.objects.filter(sku__in=skus).values_list("sku", "product__slug")
    return Known({one.slug: one for one in products}, dict(owners))


def _of_unknown_types(records: Sequence[ProductRecord]) -> dict[int, tuple[int, str]]:
    wanted = {n: code for n, one in enumerate(records) if (code := one.fields.get("type"))}
    if not wanted:
        return {}
    rows = ProductType.objects.filter(code__in=set(wanted.values()))
    known = set(rows.values_list("code", flat=True))
    message = _("type: there is no product type “%s”. Make it first, or leave the cell empty.")
    return {
        n: (records[n].line, message % code[:50]) for n, code in wanted.items() if code not in known
    }


@contextmanager
def _at(line: int) -> Iterator[None]:
    """Turn what is refused inside into WrongLine."""
    try:
        yield
    except ValidationError as error:
        raise WrongLine(line, reasons(error)) from error
    except Refusal as error:
        raise WrongLine(line, str(error)) from error


def _product(record: ProductRecord, categories: Sequence[int] | None) -> ProductData:
    fields = {"name": "", "metadata": _filled(record.metadata), **record.fields}
    return ProductData(
        **fields,
        variants=[_variant(variant) for variant in record.variants],
        categories=categories or (),
        attributes=_filled(record.attributes),
    )


def _variant(variant: VariantRecord) -> VariantData:
    return VariantData(
        **variant.fields, attributes=_filled(variant.attributes), stock=variant.stock or 0
    )


def _filled(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value not in ("", None)}


def _by_item(
    error: ValidationError, records: Sequence[ProductRecord]
) -> dict[int, tuple[int, str]]:
    """Return what ``create_products`` found wrong, by the index of the record."""
    of_record: dict[int, dict[str, Any]] = {}
    for name, wrong in getattr(error, "error_dict", {}).items():
        kind, _dot, rest = name.partition(".")
        index, _dot, field = rest.partition(".")
        if kind == "products":
            of_record.setdefault(int(index), {})[field] = wrong
    return {index: _at_its_line(found, records[index]) for index, found in of_record.items()}


def _at_its_line(found: Mapping[str, Any], record: ProductRecord) -> tuple[int, str]:
    """Return the line of the first variant that is named, or else of the product."""
    for name, wrong in found.items():
        kind, _dot, rest = name.partition(".")
        index, _dot, field = rest.partition(".")
        if kind == "variants" and index.isdigit():
            reason = reasons(ValidationError({field: wrong}))
            return record.variants[int(index)].line, reason
    return record.line, reasons(ValidationError(dict(found)))


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
