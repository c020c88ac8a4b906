"""What is read of orders. Imported only where shopkit.orders is installed."""

from shopkit.orders.models import Order

from .languages import choose_language
from .recipients import Recipient, of_user


def buyer_of(order: Order) -> Recipient | None:
    """Return who is told about ``order``: its user, or the guest at the addresses he typed.

    None for a user who was switched off.
    """
    if order.user_id is None:
        return _guest(order)
    user = order.user
    return of_user(user, language=order.language) if user is not None and user.is_active else None


def guest_of(number: str) -> Recipient | None:
    """Return the guest who placed the order of that number; None when there is none any more.

    An order that a user has claimed since is told at the user's proven addresses.
    """
    order = Order.objects.select_related("user").filter(number=number).first()
    return None if order is None else buyer_of(order)


def status_of(number: str) -> str:
    """Return where the order is, "" when there is none."""
    return Order.objects.filter(number=number).values_list("status", flat=True).first() or ""


def _guest(order: Order) -> Recipient:
    return Recipient(
        ref=f"order:{order.number}",
        language=choose_language(order.language),
        email=order.contact_email,
        phone=order.contact_phone,
        is_guest=True,
    )
