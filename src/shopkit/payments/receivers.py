"""Who is told what happened to orders and to money."""

from shopkit.orders.facts import order_cancelled

from .facts import event_received, money_owed, payment_settled
from .models import Payment
from .providers import backend_of
from .services import close_order, handle, pay_back
from .services.receiving import follow_all
from .services.snapshots import lines_of, snapshot_of


def end_attempts(order_id: int) -> None:
    """Call back the open attempts of a cancelled order, and plan to give its money back."""
    try:
        close_order(order_id)
    finally:
        pay_back(order_id)


def fiscalize(payment_id: str) -> None:
    """Tell the gateway what was bought, where it makes the fiscal receipt of that."""
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    order = payment.order
    backend = backend_of(payment.provider)
    events = backend.fiscalize(
        snapshot_of(payment, order_number=order.number),
        lines=lines_of(order) if payment.amount == order.total else (),
        shipping=order.shipping,
        discount=order.discount,
    )
    follow_all(payment.provider, backend, events)


def connect() -> None:
    """Subscribe to the facts; called once by the app's ``ready``."""
    order_cancelled.subscribe(end_attempts)
    money_owed.subscribe(pay_back)
    event_received.subscribe(handle)
    payment_settled.subscribe(fiscalize)
