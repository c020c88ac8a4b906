"""Day-to-day files: stock and prices, one line per SKU."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shopkit.catalog.availability import availability
from shopkit.catalog.models import Variant
from shopkit.catalog.services.bulk import change_prices
from shopkit.core.errors import Refusal

from .keeping import NothingToUndo, WrongItems, keep_good
from .reading import Row, Table
from .report import UnreadableFile, reasons
from .seen import Seen
from .work import Kind

STOCK_REQUIRED = ("sku", "on_hand")
PRICES_REQUIRED = ("sku", "price")


@dataclass
class Line:
    """What one row says of one variant.

    values -- {"on_hand": units, "expected": units or None} or {"price", "sale_price"}
    """

    line: int
    sku: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)
    rows: int = 1
    source: Sequence[Mapping[str, str]] = ()

    @property
    def subject(self) -> str:
        """What the shop knows it by."""
        return self.sku


class LineKind(Kind):
    """Lines that each say something of the variant with their SKU."""

    chunk = 500
    required: Sequence[str]

    def __init__(self, table: Table) -> None:
        table.require(self.required)
        self.table = table
        self._seen = Seen()

    def items(self) -> Iterator[Line]:
        """Yield the lines."""
        for row in self.table.rows():
            line = Line(row.line, row.text("sku"), source=[row.source])
            try:
                line.values = self.read(row)
                if row.is_wide:
                    raise ValidationError(_("It has more cells than the header."))
                if not line.sku:
                    raise ValidationError(_("sku: it is empty."))
            except ValidationError as error:
                line.errors[row.line] = reasons(error)
            yield line

    def check(self, item: Line) -> None:
        """Find SKUs that were in the file before."""
        if not self._seen.add(item.sku):
            message = _("The SKU “%s” was in the file before.") % item.sku
            item.errors.setdefault(item.line, message)

    def save(self, items: Sequence[Line]) -> Sequence[str]:
        """Change the variants."""
        return keep_good(items, self._save, NothingToUndo())

    def forget(self) -> None:
        """Nothing is remembered."""

    def _save(self, items: Sequence[Line]) -> Sequence[str]:
        rows = Variant.objects.filter(sku__in=[one.sku for one in items])
        found = {one.sku: one for one in rows.filter(product__deleted_at=None)}
        wrong = {
            n: (one.line, _("There is no variant with the SKU “%s”.") % one.sku)
            for n, one in enumerate(items)
            if one.sku not in found
        }
        if wrong:
            raise WrongItems(wrong)
        changed = self.change(items, [found[one.sku] for one in items])
        return ["updated" if one else "unchanged" for one in changed]

    @abstractmethod
    def read(self, row: Row) -> dict[str, Any]:
        """Return what the row says. Raises ValidationError."""

    @abstractmethod
    def change(self, items: Sequence[Line], variants: Sequence[Variant]) -> Sequence[bool]:
        """Change the variants of the lines, all or none; say which were otherwise.

        Raises WrongItems, ValidationError or Refusal.
        """


class StockKind(LineKind):
    """``sku``, ``on_hand`` and, for whoever has counted a while ago, ``expected``.

    name -- of the file, for the ledger
    """

    required = STOCK_REQUIRED

    def __init__(self, table: Table, *, name: str) -> None:
        super().__init__(table)
        if not availability().counts:
            raise UnreadableFile(_("This shop does not count its stock."))
        self.name = name

    def read(self, row: Row) -> dict[str, Any]:
        """Return whole numbers; an empty cell of ``expected`` expects nothing."""
        if not row.text("on_hand"):
            raise ValidationError(_("on_hand: it is empty; write 0 when there is none."))
        values = {"on_hand": row.whole("on_hand"), "expected": None}
        if row.text("expected"):
            values["expected"] = row.whole("expected")
        for name, units in values.items():
            if units is not None and not 0 <= units < 2**31:
                message = _("%s: it must be from 0 to 2147483647.")
                raise ValidationError(message % name)
        return values

    def change(self, items: Sequence[Line], variants: Sequence[Variant]) -> Sequence[bool]:
        """Set what is on the shelf; the difference stands in the ledger."""
        provider = availability()
        keys = [one.pk for one in variants]
        both = dict(zip(keys, items, strict=True))
        before = provider.on_hand(keys)
        differing = {
            pk: one
            for pk, one in both.items()
            if before[pk] != one.values["on_hand"] or one.values["expected"] is not None
        }
        if differing:
            self._set(differing, items)
        return [before[pk] != both[pk].values["on_hand"] for pk in keys]

    def _set(self, differing: Mapping[int, Line], items: Sequence[Line]) -> None:
        expected = {
            pk: one.values["expected"]
            for pk, one in differing.items()
            if one.values["expected"] is not None
        }
        try:
            availability().set_stock(
                {pk: one.values["on_hand"] for pk, one in differing.items()},
                reference=_("import of %s") % self.name,
                **({"expected": expected} if expected else {}),
            )
        except Refusal as error:
            one = differing.get(error.details.get("variant_id", 0))
            if one is None:
                raise
            raise WrongItems({items.index(one): (one.line, _told(error))}) from error


class PricesKind(LineKind):
    """``sku``, ``price`` and ``sale_price``, which stays as it is where its column is missing."""

    required = PRICES_REQUIRED

    def read(self, row: Row) -> dict[str, Any]:
        """Return amounts; an empty sale price ends the sale."""
        price = row.amount("price")
        if price is None:
            raise ValidationError(_("price: it is empty."))
        if "sale_price" not in self.table.columns:
            return {"price": price}
        return {"price": price, "sale_price": row.amount("sale_price")}

    def change(self, items: Sequence[Line], variants: Sequence[Variant]) -> Sequence[bool]:
        """Set the prices; cached columns and listings follow."""
        is_other = [
            any(getattr(variant, name) != value for name, value in one.values.items())
            for one, variant in zip(items, variants, strict=True)
        ]
        numbers = {one.pk: n for n, one in enumerate(variants) if is_other[n]}
        if numbers:
            try:
                change_prices({pk: items[n].values for pk, n in numbers.items()})
            except ValidationError as error:
                raise _wrong_prices(error, items, numbers) from error
        return is_other


def _wrong_prices(
    error: ValidationError, items: Sequence[Line], numbers: Mapping[int, int]
) -> WrongItems:
    found = {}
    for name, wrong in getattr(error, "error_dict", {}).items():
        pk, _dot, column = name.partition(".")
        n = numbers[int(pk)]
        found[n] = (items[n].line, reasons(ValidationError({column: wrong})))
    return WrongItems(found)


def _told(error: Refusal) -> str:
    """Return the refusal with the number that is there."""
    units = error.details.get("reserved", error.details.get("on_hand"))
    return f"{error} ({units})" if units is not None else str(error)
