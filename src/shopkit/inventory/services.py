"""Reserve, consume, release, adjust: the only code that changes stock.

Rows are always locked in key order before anything is written, and every write repeats its
condition, so it is right without the lock too: SQLite ignores SELECT ... FOR UPDATE. Behind both
stand the CHECK constraints.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from shopkit.catalog.models import Variant
from shopkit.catalog.services.cached import refresh_stock_flags
from shopkit.core.transactions import whole_transaction

from .conf import inventory_settings
from .errors import BelowReserved, OutOfStock, StaleStock
from .facts import stock_low
from .holding import hold_units, lock_units, units_of
from .models import Movement, Reservation, StockItem
from .wishes import announce_back

LARGEST_STOCK = 2**31 - 1


def reserve(wanted: Mapping[int, int], *, owner: str) -> None:
    """Set units of several variants aside for ``owner``: all of them or none.

    Call it inside a transaction; a refusal must roll it back. The number of statements does not
    grow with the number of variants.

    wanted -- {variant pk: units}, units above zero; demand of one variant is one entry
    owner -- what holds them: "order:7K3M9-QX2TD"

    Raises OutOfStock naming every variant that is short, with what was left of it. Announces
    ``stock_low`` for each that fell low by it.
    """
    left = lock_units(sorted(wanted))
    _refuse_shortages(wanted, left)
    if hold_units(wanted, owner=owner) != len(wanted):
        # Without row locks another writer came between; nobody knows now what is left.
        raise OutOfStock(items=[])
    _refresh_flags([pk for pk, units in wanted.items() if left[pk] == units])
    _announce_low(pk for pk, units in wanted.items() if _falls_low(left[pk], -units))


def _refuse_shortages(wanted: Mapping[int, int], left: Mapping[int, int]) -> None:
    short = [pk for pk, units in wanted.items() if left.get(pk, 0) < units]
    if short:
        raise OutOfStock(items=[{"variant_id": pk, "available": left.get(pk, 0)} for pk in short])


def consume(*, owner: str) -> int:
    """Take what ``owner`` holds off the shelf, once; return how many units left.

    Call it inside a transaction, after the owner's own row was locked. Doing it again changes
    nothing.
    """
    held = _close(owner, Reservation.State.CONSUMED)
    if not held:
        return 0
    gone = units_of(held)
    StockItem.objects.filter(pk__in=held).update(
        on_hand=F("on_hand") - gone, reserved=F("reserved") - gone
    )
    after = dict(StockItem.objects.filter(pk__in=held).values_list("pk", "on_hand"))
    Movement.objects.bulk_create(
        Movement(
            item_id=pk,
            delta=-held[pk],
            on_hand_after=after[pk],
            reason=Movement.Reason.SOLD,
            reference=owner,
        )
        for pk in sorted(held)
    )
    return sum(held.values())


def release(*, owner: str) -> int:
    """Give back what ``owner`` holds, once; return how many units are free again.

    Call it inside a transaction, after the owner's own row was locked. Doing it again changes
    nothing. Announces ``back_in_stock`` for what can be had again.
    """
    held = _close(owner, Reservation.State.RELEASED)
    if not held:
        return 0
    StockItem.objects.filter(pk__in=held).update(reserved=F("reserved") - units_of(held))
    now = StockItem.objects.filter(pk__in=held)
    revived = [item.variant_id for item in now if item.available == held[item.pk]]
    _refresh_flags(revived)
    announce_back(revived)
    return sum(held.values())


def adjust(
    *,
    variant: int,
    delta: int,
    reason: str = Movement.Reason.ADJUSTED,
    note: str = "",
    reference: str = "",
    actor: Any = None,
) -> StockItem:
    """Add ``delta`` units (negative: take away) to what is on hand, and write the ledger.

    Returns the item as it stands afterwards. Raises as ``adjust_all``.
    """
    why = Why(reason=reason, note=note, reference=reference, actor=actor)
    return adjust_all({variant: delta}, why=why)[variant]


@dataclass(frozen=True, kw_only=True)
class Why:
    """What the ledger says about a change: a reason, a note for people, its cause, who did it."""

    reason: str = Movement.Reason.ADJUSTED
    note: str = ""
    reference: str = ""
    actor: Any = None


@whole_transaction
def adjust_all(deltas: Mapping[int, int], *, why: Why) -> dict[int, StockItem]:
    """Change what is on hand of several variants: all of them or none.

    The rows are locked together, before any product's: a caller who changes several variants one
    by one would lock a product and then the next row, and could deadlock with a buyer.

    deltas -- {variant pk: units to add}, negative to take away

    Returns the items as they stand afterwards. Raises BelowReserved when orders hold more than
    would be left, ValidationError for a number that no shelf holds. Announces ``stock_low`` for
    each that fell low by it, ``back_in_stock`` for each that can be had again.
    """
    items = _locked_items(deltas)
    for variant, delta in deltas.items():
        _refuse_impossible(items[variant], items[variant].on_hand + delta)
    changed = {items[variant].pk: delta for variant, delta in deltas.items() if delta}
    if changed:
        _write_on_hand(changed)
    low = [pk for pk, delta in deltas.items() if _falls_low(items[pk].available, delta)]
    flips = []
    for variant, delta in deltas.items():
        was_there = items[variant].available > 0
        items[variant].on_hand += delta
        if was_there != (items[variant].available > 0):
            flips.append(variant)
    Movement.objects.bulk_create(
        _movement(items[variant], deltas[variant], why)
        for variant in sorted(deltas)
        if deltas[variant]
    )
    _refresh_flags(flips)
    announce_back([variant for variant in flips if items[variant].available > 0])
    _announce_low(low)
    return items


@whole_transaction
def set_on_hand(
    *, variant: int, on_hand: int, expected: int | None = None, note: str = "", actor: Any = None
) -> StockItem:
    """Make ``on_hand`` what was counted.

    expected -- units the counter believed there were; None to overwrite whatever there is

    Raises StaleStock when ``expected`` is no longer true, and what ``adjust_all`` raises.
    """
    item = _locked_items([variant])[variant]
    if expected is not None and item.on_hand != expected:
        raise StaleStock(on_hand=item.on_hand)
    return adjust(variant=variant, delta=on_hand - item.on_hand, note=note, actor=actor)


@whole_transaction
def set_all_on_hand(
    counts: Mapping[int, int], *, why: Why, expected: Mapping[int, int] | None = None
) -> dict[int, StockItem]:
    """Make what is on hand of several variants what was counted.

    expected -- {variant pk: units the counter believed there were}

    Raises StaleStock when that is no longer true, and what ``adjust_all`` raises.
    """
    items = _locked_items(counts)
    for variant, units in (expected or {}).items():
        if items[variant].on_hand != units:
            raise StaleStock(variant_id=variant, on_hand=items[variant].on_hand)
    deltas = {variant: count - items[variant].on_hand for variant, count in counts.items()}
    return adjust_all(deltas, why=why)


def _falls_low(before: int, delta: int) -> bool:
    """Say whether this very change of the available units crosses the mark on the way down."""
    mark = inventory_settings().LOW_STOCK
    return mark is not None and before + delta <= mark < before


def _announce_low(variants: Iterable[int]) -> None:
    for pk in sorted(variants):
        stock_low.announce(variant_id=pk, crossing=uuid4().hex)


def _close(owner: str, state: Reservation.State) -> dict[int, int]:
    """Close the owner's open reservations, their items locked; return {item pk: units}."""
    found = Reservation.objects.open_of(owner).values_list("item__variant_id", flat=True)
    variants = list(found)
    if not variants:
        return {}
    list(StockItem.objects.locked(variants).values_list("pk"))
    mine = Reservation.objects.open_of(owner)
    held = dict(mine.values_list("item_id", "quantity"))
    mine.filter(item_id__in=held).update(state=state, closed_at=Now())
    return held


def _locked_items(variants: Collection[int]) -> dict[int, StockItem]:
    """Return the variants' items, locked in key order; a variant without one gets it."""
    StockItem.objects.bulk_create(
        [StockItem(variant_id=pk) for pk in sorted(variants)], ignore_conflicts=True
    )
    return {item.variant_id: item for item in StockItem.objects.locked(sorted(variants))}


def _refuse_impossible(item: StockItem, on_hand: int) -> None:
    if on_hand > LARGEST_STOCK:
        wrong = ValidationError(_("This is more than can be counted."), code="max_value")
        raise ValidationError({"delta": wrong})
    if on_hand < item.reserved:
        raise BelowReserved(
            variant_id=item.variant_id, on_hand=item.on_hand, reserved=item.reserved
        )


def _write_on_hand(deltas: Mapping[int, int]) -> None:
    """Write {item pk: units to add}; the condition repeats what was checked under the lock."""
    after = F("on_hand") + units_of(deltas)
    rows = StockItem.objects.filter(pk__in=deltas, reserved__lte=after)
    if rows.update(on_hand=after) != len(deltas):
        raise StaleStock


def _movement(item: StockItem, delta: int, why: Why) -> Movement:
    return Movement(
        item=item,
        delta=delta,
        on_hand_after=item.on_hand,
        reason=why.reason,
        note=why.note,
        reference=why.reference,
        actor=why.actor,
    )


def _refresh_flags(variants: list[int]) -> None:
    """Say so on the product when its last unit went or its first one came."""
    if not variants:
        return
    products = Variant.objects.filter(pk__in=variants).values_list("product_id", flat=True)
    refresh_stock_flags(set(products))
