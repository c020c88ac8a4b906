"""Units of several variants set aside: the two steps of it, in the words of each engine.

A checkout holds the rows that everybody wants from here until it commits, so what it does
meanwhile limits how much can be sold. On PostgreSQL each step is one statement, written by hand;
the ORM would need several, and longer to write them than PostgreSQL to run them.
"""

from collections.abc import Mapping

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, F, IntegerField, Value, When

from .models import Reservation, StockItem

LOCK = f"""
    SELECT variant_id, on_hand - reserved FROM {StockItem._meta.db_table}
    WHERE variant_id = ANY(%s) ORDER BY id FOR UPDATE
"""  # noqa: S608 - names of our own tables
# Not one statement with the above: that would judge the rows as they were when it began to wait,
# and refuse units that came back meanwhile.
HOLD = f"""
    WITH wanted (variant_id, units) AS (
        SELECT * FROM unnest(%s::bigint[], %s::integer[])
    ), taken AS (
        UPDATE {StockItem._meta.db_table} item SET reserved = item.reserved + wanted.units
        FROM wanted
        WHERE item.variant_id = wanted.variant_id AND item.on_hand >= item.reserved + wanted.units
        RETURNING item.id, wanted.units
    )
    INSERT INTO {Reservation._meta.db_table} (item_id, owner, quantity, state)
    SELECT id, %s, units, '{Reservation.State.OPEN.value}' FROM taken ORDER BY id
"""  # noqa: S608


def lock_units(variants: list[int]) -> dict[int, int]:
    """Lock the stock items of ``variants`` in key order; return {variant pk: units available}."""
    connection = _connection()
    if connection.vendor != "postgresql":
        return {item.variant_id: item.available for item in StockItem.objects.locked(variants)}
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [variants])
        return dict(cursor.fetchall())


def hold_units(wanted: Mapping[int, int], *, owner: str) -> int:
    """Set aside what is there of {variant pk: units} for ``owner``; return for how many variants.

    The condition is asked again, so it is right without a lock too.
    """
    connection = _connection()
    if connection.vendor != "postgresql":
        return _hold_in_steps(wanted, owner=owner)
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [list(wanted), list(wanted.values()), owner])
        return int(cursor.rowcount)


def units_of(units: Mapping[int, int]) -> Case:
    """Return SQL for "this row's units": {item pk: units} as one expression."""
    cases = [When(pk=pk, then=Value(count)) for pk, count in units.items()]
    return Case(*cases, default=Value(0), output_field=IntegerField())


def _hold_in_steps(wanted: Mapping[int, int], *, owner: str) -> int:
    items = StockItem.objects.of_variants(list(wanted)).values_list("pk", "variant_id")
    units = {pk: wanted[variant] for pk, variant in items}
    enough = StockItem.objects.filter(pk__in=units, on_hand__gte=F("reserved") + units_of(units))
    taken = enough.update(reserved=F("reserved") + units_of(units))
    Reservation.objects.bulk_create(
        Reservation(item_id=pk, owner=owner, quantity=count) for pk, count in units.items()
    )
    return taken


def _connection() -> BaseDatabaseWrapper:
    return connections[router.db_for_write(StockItem)]
