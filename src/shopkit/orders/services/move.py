"""Moving an order from state to state: one place, one row lock, one effect on stock and money."""

from datetime import datetime
from typing import Any

from django.db.models import Value
from django.db.models.functions import Greatest, Now

from shopkit.core.transactions import whole_transaction
from shopkit.inventory.services import consume, release
from shopkit.orders.errors import IllegalMove, NotCancellable
from shopkit.orders.facts import order_cancelled, order_moved
from shopkit.orders.models import Order, OrderEvent
from shopkit.orders.moves import allowed_from, effect_of

STOCK_EFFECTS = {"consume": consume, "release": release}


@whole_transaction
def move_order(
    pk: int,
    *,
    to: str | None = None,
    by: str,
    actor: Any = None,
    reason: str = "",
    tracking_number: str | None = None,
) -> Order:
    """Move the order to the status ``to``, or to its usual next one.

    by -- who does it, for people: "staff", "system"
    tracking_number -- kept with the order when given

    Returns the order as it stands afterwards. Raises IllegalMove when the table of moves does not
    have it; nothing has changed then. Announces ``order_moved``, and ``order_cancelled`` too.
    """
    order = Order.objects.locked(pk)
    allowed = allowed_from(order.status)
    chosen = to or next(iter(allowed), "")
    effect = effect_of(order.status, chosen)
    if effect is None:
        raise IllegalMove(order_status=order.status, allowed=allowed)
    if tracking_number is not None:
        order.tracking_number = tracking_number
    return _move(order, chosen, effect=effect, by=by, actor=actor, reason=reason)


@whole_transaction
def cancel_order(pk: int, *, by: str, actor: Any = None, reason: str = "") -> Order:
    """Cancel the order: its stock is free again, once, and money received is due back.

    Cancelling a cancelled order changes nothing. Returns the order as it stands afterwards.

    Raises NotCancellable once it was shipped. Announces ``order_moved``, ``order_cancelled``.
    """
    order = Order.objects.locked(pk)
    if order.status == Order.Status.CANCELLED:
        return order
    effect = effect_of(order.status, Order.Status.CANCELLED)
    if effect is None:
        raise NotCancellable(order_status=order.status, allowed=allowed_from(order.status))
    return _move(order, Order.Status.CANCELLED, effect=effect, by=by, actor=actor, reason=reason)


def hold_until(pk: int, *, moment: datetime) -> None:
    """Keep an open order's stock at least until ``moment``; never shorter than before.

    Payments calls it when an attempt begins, with the provider's window.
    """
    rows = Order.objects.open_unpaid().filter(pk=pk, expires_at__isnull=False)
    rows.update(expires_at=Greatest("expires_at", Value(moment)))


def _move(order: Order, to: str, *, effect: str, by: str, actor: Any, reason: str) -> Order:
    """Write the move. The order's row is locked; the condition repeats what was read."""
    start, order.status = order.status, to
    is_cancelled = to == Order.Status.CANCELLED
    changes: dict[str, Any] = {
        "status": to,
        "tracking_number": order.tracking_number,
        "expires_at": None,
        "refund_due": order.paid_total if is_cancelled else order.refund_due,
    }
    if start == Order.Status.PLACED and not is_cancelled:
        changes["confirmed_at"] = Now()
    if not Order.objects.filter(pk=order.pk, status=start).update(**changes):
        raise IllegalMove(order_status=start, allowed=allowed_from(start))
    if effect in STOCK_EFFECTS:
        STOCK_EFFECTS[effect](owner=order.stock_owner)
    event = OrderEvent.objects.create(
        order=order, from_status=start, to_status=to, by=by, actor=actor, reason=reason
    )
    order_moved.announce(order_id=order.pk, event_id=event.pk)
    if is_cancelled:
        order_cancelled.announce(order_id=order.pk)
    order.refresh_from_db()
    return order
