"""Something to do for each periodic job, and a look at what it did."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now

from shopkit.accounts.models import AuthSession, PendingRegistration
from shopkit.cart.models import Cart, CartRemoval
from shopkit.catalog.models import FacetChange, ImportRun, Product
from shopkit.catalog.testing import make_product, make_variant
from shopkit.core.models import Delivery, IdempotencyKey
from shopkit.inventory.models import Movement, StockItem, StockWish
from shopkit.inventory.services import reserve
from shopkit.inventory.testing import make_stock
from shopkit.notifications.models import Event
from shopkit.orders.models import Order, OrderEvent, OrderLine
from shopkit.otp.models import Budget, Challenge
from shopkit.payments.models import Payment, PaymentReview, Refund
from shopkit.reviews.models import Withdrawal
from shopkit.sms.models import Message
from shopkit.telegram.models import Update

AGO = timedelta(days=400)
MANY = 12
TOLD: list[int] = []
ORPHANS: list[str] = []


def hear(number: int) -> None:
    """A subscriber that counts."""
    TOLD.append(number)


@dataclass(frozen=True)
class Work:
    """What a job finds and leaves.

    make -- puts MANY things in its way that are due, and one that is not
    look -- returns what stands in the database, or was done, that the job is about
    done -- what ``look`` returns afterwards, however many ran the job
    """

    make: Callable[[], None]
    look: Callable[[], Any]
    done: Any


def old(name: str) -> dict[str, Any]:
    return {name: Now() - AGO}


def _facts() -> None:
    TOLD.clear()
    Delivery.objects.bulk_create(
        Delivery(fact="test.happened", subscriber=f"{__name__}.hear", ids={"number": number})
        for number in range(MANY)
    )


def _look_at_facts() -> Any:
    pending = Delivery.objects.filter(fact="test.happened", delivered_at=None).count()
    return sorted(TOLD), pending


def _delivered() -> None:
    for when in [Now() - AGO] * MANY + [Now()]:
        Delivery.objects.create(fact="test.old", subscriber="x.y", ids={}, delivered_at=when)


def _keys() -> None:
    for number in range(MANY + 1):
        IdempotencyKey.objects.create(
            principal="p", route="r", key=str(number), fingerprint="f",
            created_at=Now() - AGO, expires_at=Now() - AGO / 2 if number else Now() + AGO,
        )  # fmt: skip


def _order(**columns: Any) -> Order:
    one = uuid4().hex[:12]
    return Order.objects.create(
        number=one, currency="UZS", subtotal=50000, total=50000,
        contact_name="Anna", contact_phone="+998901234567", address={"city": "Nukus"},
        quote_fingerprint="f", cart_owner=f"guest:{one}", cart_version="v", cart_turn=1,
        **columns,
    )  # fmt: skip


def _orders() -> None:
    variant = make_variant(price="50000", sku="CUP")
    make_stock(variant, on_hand=MANY + 1)
    for number in range(MANY + 1):
        order = _order(expires_at=Now() - AGO if number else Now() + AGO)
        OrderLine.objects.create(
            order=order, variant=variant, sku="CUP", name="Cup",
            unit_price=50000, quantity=1, line_total=50000,
        )  # fmt: skip
        with transaction.atomic():
            reserve({variant.pk: 1}, owner=order.stock_owner)


def _look_at_orders() -> Any:
    return (
        Order.objects.filter(status="cancelled").count(),
        OrderEvent.objects.filter(to_status="cancelled", reason="expired").count(),
        StockItem.objects.filter(variant__sku="CUP").values_list("on_hand", "reserved").get(),
        Movement.objects.filter(delta__lt=0).count(),
    )


def _sold() -> None:
    for number in range(MANY + 1):
        order = _order(status="delivered" if number else "returned", payment_status="paid")
        OrderLine.objects.create(
            order=order, product=make_product(), sku=f"SOLD-{number}", name="Sold",
            unit_price=100, quantity=3, line_total=300,
        )  # fmt: skip


def _look_at_sold() -> Any:
    return Product.objects.filter(popularity=3).count()


def _payment(**columns: Any) -> Payment:
    return Payment.objects.create(
        order=_order(), provider="offline", amount=50000, currency="UZS", **columns
    )


def _attempts() -> None:
    for number in range(MANY + 1):
        _payment(expires_at=Now() - AGO if number else Now() + AGO)


def _look_at_attempts() -> Any:
    ended = Payment.objects.filter(status="expired", reason="timeout").count()
    return ended, Order.objects.filter(payment_status="unpaid").count()


def _refunds() -> None:
    for number in range(MANY + 1):
        payment = _payment(
            status="paid", captured=50000, refunding=50000, paid_at=Now(), started_at=Now()
        )
        Refund.objects.create(
            payment=payment, amount=50000, currency="UZS",
            due_at=Now() - AGO if number else Now() + AGO,
        )  # fmt: skip


def _look_at_refunds() -> Any:
    # No program can give cash back, so each is a task for a person, once.
    by_hand = Refund.objects.filter(status="by_hand", attempts=1).count()
    return by_hand, PaymentReview.objects.count(), Refund.objects.filter(status="queued").count()


def _quiet_attempts() -> None:
    for number in range(MANY + 1):
        _payment(started_at=Now() - AGO if number else Now())


def _look_at_quiet_attempts() -> Any:
    return Payment.objects.exclude(checked_at=None).count()


def _carts() -> None:
    for number in range(MANY):
        Cart.objects.create(owner=f"guest:{number}", version="v", **old("updated_at"))
    Cart.objects.create(owner="guest:young", version="v")
    Cart.objects.create(owner="user:5", version="v", **old("updated_at"))


def _removals() -> None:
    for number in range(MANY):
        CartRemoval.objects.create(owner="user:5", reference=f"order:{number}", **old("at"))
    CartRemoval.objects.create(owner="user:5", reference="order:young")


def _codes() -> None:
    for number in range(MANY + 1):
        Challenge.objects.create(
            purpose="sign_in", channel="sms", destination=f"+99890{number:07}", nonce="n",
            key_id="k", length=6, max_attempts=5, resend_at=Now(), created_at=Now() - AGO * 2,
            expires_at=Now() - AGO if number else Now() + AGO,
        )  # fmt: skip
        Budget.objects.create(
            scope="address", key=str(number), seconds=60, used=1,
            ends_at=Now() - AGO if number else Now() + AGO,
        )  # fmt: skip


def _messages() -> None:
    for _ in range(MANY):
        Message.objects.create(phone_ending="4567", segments=1, **old("created_at"))
    Message.objects.create(phone_ending="4567", segments=1)


def _updates() -> None:
    for number in range(MANY):
        Update.objects.create(update_id=number, **old("received_at"))
    Update.objects.create(update_id=MANY)


def _told() -> None:
    for number in range(MANY):
        Event.objects.create(key=f"welcome:{number}", kind="welcome", about="user:1", **old("at"))
    Event.objects.create(key="welcome:young", kind="welcome", about="user:1", at=Now())


def _registrations() -> None:
    for number in range(MANY + 1):
        PendingRegistration.objects.create(
            destination=f"+99890{number:07}", expires_at=Now() - AGO if number else Now() + AGO
        )


def _sessions() -> None:
    user = get_user_model().objects.create_user(f"anna-{uuid4()}")
    for number in range(MANY + 1):
        AuthSession.objects.create(
            user=user, token_hash="h", password_stamp="s",
            expires_at=Now() - AGO if number else Now() + AGO,
        )  # fmt: skip


def _facet_changes() -> None:
    made = [FacetChange(transaction=0, product_key=number) for number in range(MANY + 1)]
    FacetChange.objects.bulk_create(made)
    FacetChange.objects.filter(transaction=0, product_key__gt=0).update(**old("changed_at"))


def _imports() -> None:
    given = {"kind": "prices", "format": "shopkit", "file_name": "a.csv", "checksum": "c"}
    for _ in range(MANY):
        ImportRun.objects.create(**given, status="done", finished_at=Now() - AGO)
    ImportRun.objects.create(**given, status="done", finished_at=Now())


def _wishes() -> None:
    """What was hidden when its units came is on sale again; one thing is still sold out."""
    user = get_user_model().objects.create_user(f"anna-{uuid4()}")
    for number in range(MANY + 1):
        variant = make_variant()
        make_stock(variant, on_hand=min(number, 1))
        StockWish.objects.create(user=user, variant=variant)


def counting(*models: Any) -> Callable[[], Any]:
    return lambda: [model.objects.count() for model in models]


def _orphans() -> None:
    ORPHANS[:] = [f"products/{one[:2]}/{one}.webp" for one in _hexes(MANY + 1)]
    long_ago = time.time() - AGO.total_seconds()
    for name in ORPHANS:
        default_storage.save(name, ContentFile(b"x"))
    for name in ORPHANS[1:]:
        os.utime(default_storage.path(name), (long_ago, long_ago))


def _hexes(number: int) -> list[str]:
    return [uuid4().hex for _ in range(number)]


def _look_at_orphans() -> Any:
    return [name for name in ORPHANS if default_storage.exists(name)] == ORPHANS[:1]


def _withdrawals() -> None:
    author = get_user_model().objects.create_user(f"anna-{uuid4()}")
    for number in range(MANY + 1):
        when = Now() - (AGO if number else timedelta())
        Withdrawal.objects.create(user=author, written_at=when, withdrawn_at=when)


WORK = {
    "shopkit-deliver-facts": Work(_facts, _look_at_facts, (list(range(MANY)), 0)),
    "shopkit-forget-delivered-facts": Work(_delivered, counting(Delivery), [1]),
    "shopkit-forget-answers": Work(_keys, counting(IdempotencyKey), [1]),
    "shopkit-forget-orphans": Work(_orphans, _look_at_orphans, done=True),
    "shopkit-expire-orders": Work(_orders, _look_at_orders, (MANY, MANY, (MANY + 1, 1), 0)),
    "shopkit-grant-wishes": Work(_wishes, counting(StockWish), [1]),
    "shopkit-recount-popularity": Work(_sold, _look_at_sold, MANY),
    "shopkit-expire-payments": Work(_attempts, _look_at_attempts, (MANY, MANY + 1)),
    "shopkit-send-refunds": Work(_refunds, _look_at_refunds, (MANY, MANY, 1)),
    "shopkit-reconcile-payments": Work(_quiet_attempts, _look_at_quiet_attempts, MANY),
    "shopkit-forget-guest-carts": Work(_carts, counting(Cart), [2]),
    "shopkit-tidy-carts": Work(_removals, counting(CartRemoval), [1]),
    "shopkit-forget-facet-changes": Work(
        _facet_changes, FacetChange.objects.filter(transaction=0).count, 1
    ),
    "shopkit-forget-codes": Work(_codes, counting(Challenge, Budget), [1, 1]),
    "shopkit-forget-text-messages": Work(_messages, counting(Message), [1]),
    "shopkit-forget-updates": Work(_updates, counting(Update), [1]),
    "shopkit-forget-notifications": Work(_told, counting(Event), [1]),
    "shopkit-forget-registrations": Work(_registrations, counting(PendingRegistration), [1]),
    "shopkit-forget-imports": Work(_imports, counting(ImportRun), [1]),
    "shopkit-forget-withdrawn-reviews": Work(_withdrawals, counting(Withdrawal), [1]),
    "shopkit-forget-sessions": Work(_sessions, counting(AuthSession), [1]),
}
