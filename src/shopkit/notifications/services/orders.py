"""What is told about orders. Imported only where shopkit.orders is installed."""

from collections.abc import Mapping
from typing import Any

from shopkit.notifications.buyers import buyer_of
from shopkit.notifications.kinds import KINDS
from shopkit.notifications.recipients import of_staff
from shopkit.notifications.words import moment_of, money_of
from shopkit.orders.models import Order, OrderEvent

from .tell import News, tell

KIND_OF: Mapping[str, str] = {
    Order.Status.SHIPPED.value: "order_shipped",
    Order.Status.DELIVERED.value: "order_delivered",
    Order.Status.CANCELLED.value: "order_cancelled",
    Order.Status.RETURNED.value: "order_returned",
}


def tell_placed(order_id: int) -> None:
    """Tell the customer and the staff about a new order; not about one that is over by now."""
    order = Order.objects.select_related("user").filter(pk=order_id).first()
    if order is None or order.status in KINDS["order_placed"].over:
        return
    params = {
        "number": order.number,
        "total": money_of(order.total, order.currency),
        "placed_at": moment_of(order.placed_at),
        "lines": [
            {
                "name": line.name,
                "quantity": line.quantity,
                "total": money_of(line.line_total, order.currency),
            }
            for line in order.all_lines
        ],
    }
    tell_buyer(order, kind="order_placed", key=str(order.pk), params=params, at=order.placed_at)
    staff = News(
        kind="staff_order_placed",
        key=str(order.pk),
        about=f"order:{order.number}",
        params={**params, "customer": _customer(order)},
        at=order.placed_at,
    )
    tell(staff, of_staff())


def tell_moved(order_id: int, event_id: int) -> None:
    """Tell the customer where the order has gone, for the moves that are told."""
    moved = OrderEvent.objects.select_related("order__user").filter(pk=event_id).first()
    kind = "" if moved is None else KIND_OF.get(moved.to_status, "")
    if moved is None or not kind:
        return
    order = moved.order
    params: dict[str, Any] = {"number": order.number}
    if kind == "order_shipped":
        params["tracking"] = order.tracking_number
    else:
        params["refund"] = money_of(order.refund_due, order.currency)
        params["why"] = {"reason": moved.reason} if moved.by == "system" else {}
    tell_buyer(order, kind=kind, key=str(moved.pk), params=params, at=moved.at)


def tell_buyer(order: Order, *, kind: str, key: str, params: Mapping[str, Any], at: Any) -> None:
    """Tell whoever ordered."""
    buyer = buyer_of(order)
    if buyer is not None:
        about = f"order:{order.number}"
        tell(News(kind=kind, key=key, about=about, params=params, at=at), [buyer])


def _customer(order: Order) -> str:
    """Say who and where, but not by which phone: a chat keeps what it was told."""
    return ", ".join(filter(None, (order.contact_name, str(order.address.get("city") or ""))))
