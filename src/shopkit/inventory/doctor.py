"""Probes of the stock: shelves, the ledger and what orders hold."""

from collections.abc import Iterator

from django.db.models import F, Q, Window
from django.db.models.functions import Lag

from shopkit.core.doctor import Finding, differences, probe

from .models import Movement, Reservation, StockItem

COUNT = (
    "Find out who wrote stock around the services, count the shelf, and settle the difference as "
    "“Prove that the books balance” in the guides shows. Stock is never fixed by itself."
)


@probe("inventory.ledger", remedy=COUNT)
def ledger() -> Iterator[Finding]:
    """What is on hand is the sum of all its movements, the first stock included."""
    items = StockItem.objects.values(key=F("pk"), tally=F("on_hand"))
    moved = Movement.objects.values(key=F("item_id"), tally=F("delta"))
    for item, on_hand, total in differences(items, moved):
        yield Finding(_named(item), f"{on_hand} on hand, the ledger comes to {total}")


@probe("inventory.ledger_chain", remedy=COUNT)
def ledger_chain() -> Iterator[Finding]:
    """Every movement starts from the number that the one before it left."""
    before = Window(Lag("on_hand_after", default=0), partition_by="item_id", order_by="pk")
    rows = Movement.objects.annotate(before=before)
    broken = rows.exclude(on_hand_after=F("before") + F("delta")).order_by("pk")
    for pk, item, start, delta, after in broken.values_list(
        "pk", "item_id", "before", "delta", "on_hand_after"
    ).iterator():
        yield Finding(_named(item), f"movement {pk} leads from {start} by {delta:+d} to {after}")


@probe("inventory.reserved", remedy=COUNT)
def reserved() -> Iterator[Finding]:
    """What is reserved is the sum of the open reservations."""
    items = StockItem.objects.values(key=F("pk"), tally=F("reserved"))
    still_open = Reservation.objects.filter(state=Reservation.State.OPEN)
    held = still_open.values(key=F("item_id"), tally=F("quantity"))
    for item, counted, total in differences(items, held):
        yield Finding(_named(item), f"{counted} reserved, open reservations hold {total}")


@probe("inventory.bounds", remedy=COUNT)
def bounds() -> Iterator[Finding]:
    """No shelf holds fewer than it promised, and no number is below zero."""
    wrong = StockItem.objects.filter(
        Q(on_hand__lt=F("reserved")) | Q(reserved__lt=0) | Q(on_hand__lt=0)
    )
    for item, on_hand, held in wrong.values_list("pk", "on_hand", "reserved").iterator():
        yield Finding(_named(item), f"{on_hand} on hand, {held} reserved")


@probe("inventory.sold", remedy=COUNT)
def sold() -> Iterator[Finding]:
    """What every order took off a shelf stands in the ledger as sold, once."""
    done = Reservation.objects.filter(state=Reservation.State.CONSUMED)
    taken = done.values("item_id", by=F("owner"), tally=F("quantity"))
    moved = Movement.objects.filter(reason=Movement.Reason.SOLD)
    gone = moved.values("item_id", by=F("reference"), tally=-F("delta"))
    for item, owner, consumed, left in differences(taken, gone, keys=("item_id", "by")):
        yield Finding(_named(item), f"{owner} consumed {consumed}, the ledger says {left} sold")


def _named(item: int) -> str:
    """Say which item it is as people know it."""
    sku = StockItem.objects.filter(pk=item).values_list("variant__sku", flat=True).first()
    return f"stock item {item} ({sku or 'gone'})"
