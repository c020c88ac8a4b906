"""What is told about payments. Imported only where shopkit.payments is installed."""

from shopkit.notifications.recipients import of_staff
from shopkit.notifications.words import money_of
from shopkit.payments.models import Payment

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
