"""News of payments; connected where shopkit.payments is installed."""

from shopkit.notifications.services import payments
from shopkit.payments.facts import payment_settled


@payment_settled.subscribe
def tell_paid(payment_id: str) -> None:
    """Tell the customer and the staff that money has come."""
    payments.tell_paid(payment_id)
