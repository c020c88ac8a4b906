"""What is told about payments. Imported only where shopkit.payments is installed."""

from shopkit.notifications.recipients import of_staff
from shopkit.notifications.words import money_of
from shopkit.payments.models import Payment, PaymentReview, Refund

from .orders import tell_buyer
from .tell import News, tell


def tell_paid(payment_id: str) -> None:
    """Tell the customer and the staff that money has come."""
    payment = Payment.objects.select_related("order__user").filter(pk=payment_id).first()
    if payment is None:
        return
    order = payment.order
    params = {"number": order.number, "amount": money_of(payment.captured, payment.currency)}
    at = payment.paid_at
    tell_buyer(order, kind="order_paid", key=str(payment.pk), params=params, at=at)
    about = f"order:{order.number}"
    staff = News(kind="staff_order_paid", key=str(payment.pk), about=about, params=params, at=at)
    tell(staff, of_staff())


def tell_refunded(refund_id: str) -> None:
    """Tell the customer that money has gone back; not of a refund that failed after all."""
    succeeded = Refund.objects.filter(status=Refund.Status.SUCCEEDED)
    refund = succeeded.select_related("payment__order__user").filter(pk=refund_id).first()
    if refund is None:
        return
    order = refund.payment.order
    params = {"number": order.number, "amount": money_of(refund.amount, refund.currency)}
    at = refund.finished_at
    tell_buyer(order, kind="order_refunded", key=str(refund.pk), params=params, at=at)


def tell_review(review_id: int) -> None:
    """Tell the staff that a person must look at money; not where somebody has looked by now.

    Says which order, which provider and why. What the gateway wrote beside stays in the admin: it
    may name a person, and a chat keeps what it was told.
    """
    waiting = PaymentReview.objects.filter(closed_at=None)
    review = waiting.select_related("payment__order").filter(pk=review_id).first()
    if review is None:
        return
    number = "" if review.payment is None else review.payment.order.number
    params = {
        "number": number or review.provider,
        "provider": review.provider,
        "why": {"review": review.code},
    }
    news = News(
        kind="staff_payment_review",
        key=str(review.pk),
        about=f"order:{number}" if number else f"review:{review.pk}",
        params=params,
        at=review.opened_at,
    )
    tell(news, of_staff())
