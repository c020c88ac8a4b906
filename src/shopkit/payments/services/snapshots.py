"""What a gateway may see of our rows."""

from collections.abc import Sequence

from shopkit.orders.models import Order
from shopkit.payments.backends.base import Line, Snapshot
from shopkit.payments.models import Payment

SAME = (
    "amount", "currency", "status", "reference", "other_reference", "captured", "refunded",
    "gateway_time", "opened_at", "paid_at", "closed_at", "expires_at", "reason", "created_at",
)  # fmt: skip


def snapshot_of(payment: Payment, *, order_number: str) -> Snapshot:
    """Return the payment as it stands in memory."""
    return Snapshot(
        payment_id=str(payment.pk),
        order_number=order_number,
        serial=payment.serial or 0,
        **{name: getattr(payment, name) for name in SAME},
    )


def lines_of(order: Order) -> Sequence[Line]:
    """Return the order's lines; one statement."""
    return [
        Line(
            title=line.name,
            quantity=line.quantity,
            unit_price=line.unit_price,
            ikpu=line.ikpu,
            package_code=line.package_code,
            vat_percent=line.vat_percent,
        )
        for line in order.lines.all()
    ]
