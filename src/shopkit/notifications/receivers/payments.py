"""News of payments; connected where shopkit.payments is installed."""

from shopkit.notifications.services import payments
from shopkit.payments.facts import payment_refunded, payment_reviewed, payment_settled


@payment_settled.subscribe
def tell_paid(payment_id: str) -> None:
    """Tell the customer and the staff that money has come."""
    payments.tell_paid(payment_id)


@payment_refunded.subscribe
def tell_refunded(refund_id: str) -> None:
    """Tell the customer that money has gone back."""
    payments.tell_refunded(refund_id)


@payment_reviewed.subscribe
def tell_review(review_id: int) -> None:
    """Tell the staff that a person must look at money."""
    payments.tell_review(review_id)
