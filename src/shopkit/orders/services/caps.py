"""How much stock people may hold by orders that they have not paid for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, router

from shopkit.core.locks import hold
from shopkit.orders.conf import OrdersSettings, orders_settings
from shopkit.orders.errors import TooManyOpenOrders
from shopkit.orders.models import Order, OrderLine

RETRY_AFTER = 60

# The rows of OrderQuerySet.open_unpaid, in the words of the partial indexes: each count is a look
# into one of them. Written by hand because the ORM needs longer for these words than PostgreSQL.
OPEN = (
    f"o.status = '{Order.Status.PLACED.value}' AND o.confirmed_at IS NULL AND o.payment_status IN"
    f" ('{Order.PaymentStatus.UNPAID.value}', '{Order.PaymentStatus.PENDING.value}')"
)
ORDERS = f"(SELECT count(*) FROM {Order._meta.db_table} o WHERE {OPEN} AND {{}})"  # noqa: S608
UNITS = (
    f"(SELECT coalesce(sum(l.quantity), 0) FROM {OrderLine._meta.db_table} l"  # noqa: S608
    f" JOIN {Order._meta.db_table} o ON o.id = l.order_id WHERE {OPEN} AND {{}})"
)
BY_USER, BY_PHONE, BY_ADDRESS = "o.user_id = %s", "o.contact_phone = %s", "o.client_address = %s"


@dataclass(frozen=True)
class _Cap:
    """One limit, and the SQL of what counts towards it.

    more -- what the new order adds
    is_first_free -- an order of somebody who holds nothing is never refused
    """

    most: int | None
    count: str
    given: Sequence[Any]
    more: int = 1
    is_first_free: bool = False

    def is_reached(self, found: int) -> bool:
        """Say whether ``found`` leaves no room."""
        if self.most is None or (self.is_first_free and not found):
            return False
        return found + self.more > self.most


def check_caps(*, user: Any, phone: str, client_address: str, units: int) -> None:
    """Refuse one more open unpaid order where the caps are reached.

    Exact per user and per phone: both are locked until the transaction ends. The cap per network
    address is counted without a lock, because a whole office may share one; many orders at the
    very same moment can pass it by a few.

    units -- that the new order would hold

    Call it inside a transaction. Raises TooManyOpenOrders.
    """
    settings = orders_settings()
    hold(*_locked_names(settings, user=user, phone=phone))
    caps = [
        *_caps_on_orders(settings, user=user, phone=phone, client_address=client_address),
        _cap_on_units(settings, user=user, phone=phone, units=units),
    ]
    # What has no limit is not counted: it may be any number.
    caps = [cap for cap in caps if cap.most is not None]
    if any(cap.is_reached(found) for cap, found in zip(caps, _counts(caps), strict=True)):
        raise TooManyOpenOrders(retry_after=RETRY_AFTER)


def _caps_on_orders(
    settings: OrdersSettings, *, user: Any, phone: str, client_address: str
) -> Iterator[_Cap]:
    if user is not None:
        yield _Cap(settings.MAX_OPEN_PER_USER, ORDERS.format(BY_USER), [user.pk])
    yield _Cap(settings.MAX_OPEN_PER_PHONE, ORDERS.format(BY_PHONE), [phone])
    if client_address:
        yield _Cap(settings.MAX_OPEN_PER_ADDRESS, ORDERS.format(BY_ADDRESS), [client_address])


def _cap_on_units(settings: OrdersSettings, *, user: Any, phone: str, units: int) -> _Cap:
    """Stock itself is the limit of a first order."""
    whose, given = BY_PHONE, [phone]
    if user is not None:
        whose, given = f"({BY_USER} OR {BY_PHONE})", [user.pk, phone]
    return _Cap(settings.MAX_HELD_UNITS, UNITS.format(whose), given, units, is_first_free=True)


def _counts(caps: Sequence[_Cap]) -> Sequence[int]:
    """Return how much there is towards each cap, in one statement."""
    if not caps:
        return ()
    with connections[router.db_for_write(Order)].cursor() as cursor:
        given = [value for cap in caps for value in cap.given]
        cursor.execute(f"SELECT {', '.join(cap.count for cap in caps)}", given)
        return cursor.fetchone()  # type: ignore[no-any-return]


def _locked_names(caps: OrdersSettings, *, user: Any, phone: str) -> list[str]:
    """The cap on units counts by both, whichever of the others is off."""
    counts_units = caps.MAX_HELD_UNITS is not None
    names = []
    if counts_units or caps.MAX_OPEN_PER_PHONE is not None:
        names.append(f"orders:phone:{phone}")
    if user is not None and (counts_units or caps.MAX_OPEN_PER_USER is not None):
        names.append(f"orders:user:{user.pk}")
    return names
