"""How much stock people may hold by orders that they have not paid for."""

from typing import Any

from django.db.models import Count, Q, Sum

from shopkit.core.locks import hold
from shopkit.orders.conf import OrdersSettings, orders_settings
from shopkit.orders.errors import TooManyOpenOrders
from shopkit.orders.models import Order

RETRY_AFTER = 60


def check_caps(*, user: Any, phone: str, client_address: str, units: int) -> None:
    """Refuse one more open unpaid order where the caps are reached.

    Exact per user and per phone: both are locked until the transaction ends. The cap per network
    address is counted without a lock, because a whole office may share one; many orders at the
    very same moment can pass it by a few.

    units -- that the new order would hold

    Call it inside a transaction. Raises TooManyOpenOrders.
    """
    caps = orders_settings()
    names = _locked_names(caps, user=user, phone=phone)
    hold(*names)
    by_user = Q(user_id=user.pk) if user is not None else Q(pk=None)
    by_phone = Q(contact_phone=phone)
    by_address = Q(client_address=client_address) & ~Q(client_address="")
    found = (
        Order.objects.open_unpaid()
        .filter(by_user | by_phone | by_address)
        .aggregate(
            of_user=Count("pk", filter=by_user, distinct=True),
            of_phone=Count("pk", filter=by_phone, distinct=True),
            of_address=Count("pk", filter=by_address, distinct=True),
            held=Sum("lines__quantity", filter=by_user | by_phone, default=0),
        )
    )
    reached = (
        _is_above(found["of_user"] + 1 if user is not None else 0, caps.MAX_OPEN_PER_USER)
        or _is_above(found["of_phone"] + 1, caps.MAX_OPEN_PER_PHONE)
        or _is_above(found["of_address"] + 1, caps.MAX_OPEN_PER_ADDRESS)
        # A first order is never refused for its size; stock itself is the limit there.
        or (found["held"] > 0 and _is_above(found["held"] + units, caps.MAX_HELD_UNITS))
    )
    if reached:
        raise TooManyOpenOrders(retry_after=RETRY_AFTER)


def _locked_names(caps: OrdersSettings, *, user: Any, phone: str) -> list[str]:
    names = []
    if caps.MAX_OPEN_PER_PHONE is not None or caps.MAX_HELD_UNITS is not None:
        names.append(f"orders:phone:{phone}")
    if user is not None and caps.MAX_OPEN_PER_USER is not None:
        names.append(f"orders:user:{user.pk}")
    return names


def _is_above(count: int, cap: int | None) -> bool:
    return cap is not None and count > cap
