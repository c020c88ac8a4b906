"""A small shop after a busy day, made by services alone; and how to break it behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from shopkit.accounts.models import EmailAddress, PhoneNumber, Profile
from shopkit.accounts.services.names import save_named
from shopkit.cart.owners import new_token, owner_of_token
from shopkit.cart.services import add_to_cart, read_cart
from shopkit.catalog.models import Product, Variant
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.testing import make_attribute, make_category
from shopkit.core.idempotency import Answer, Once
from shopkit.inventory.models import Reservation
from shopkit.inventory.services import adjust
from shopkit.orders.contact import Contact
from shopkit.orders.models import Order
from shopkit.orders.services import OrderDraft, cancel_order, move_order, place_order
from shopkit.payments.services import mark_paid, start_payment
from shopkit.telegram.models import Update


@dataclass(frozen=True)
class Shop:
    """What the day left: orders by what became of them."""

    product: Product
    variant: Variant
    orders: dict[str, Order]
    user: Any


def draft_of(*lines: tuple[Variant, int], number: int = 0, user: Any = None) -> OrderDraft:
    """A draft of a guest's own cart with units of variants in it."""
    owner = owner_of_token(new_token())
    for variant, units in lines:
        add_to_cart(owner, variant_id=variant.pk, quantity=units)
    return OrderDraft(
        owner=owner,
        cart=read_cart(owner),
        contact=Contact(name="Anna", phone=f"+9989012{number:05d}"),
        address={"city": "Nukus", "street": "Berdaq 1"},
        user=user,
    )


def make_product() -> Product:
    """Two sizes, one of them on sale, in a category below another, with stock."""
    clothing = make_category(name="Clothing")
    shirts = make_category(name="Shirts", parent=clothing)
    make_category(name="Trousers", parent=clothing)
    make_attribute(code="size", values=["S", "M"])
    return create_product(
        ProductData(
            name="Shirt",
            categories=[shirts.pk],
            variants=[
                VariantData(
                    price=Decimal(50_000), sku="SHIRT-S", stock=40, attributes={"size": "S"}
                ),
                VariantData(
                    price=Decimal(80_000),
                    sale_price=Decimal(70_000),
                    sku="SHIRT-M",
                    stock=30,
                    attributes={"size": "M"},
                    position=1,
                ),
            ],
        )
    )


def make_twin(product: Product, number: int) -> Product:
    """The same again, in the same categories and sizes, under its own name."""
    variants = [
        VariantData(
            price=one.price, sku=f"{one.sku}-{number}", stock=40, attributes={"size": one.sku[-1]}
        )
        for one in product.variants.order_by("position")
    ]
    categories = list(product.categories.values_list("pk", flat=True))
    return create_product(
        ProductData(name=f"Shirt {number}", categories=categories, variants=variants)
    )


def make_customer() -> Any:
    """Somebody with a name of ours, proven contacts and a second factor."""
    user = get_user_model()(username="Anna")
    save_named(user)
    PhoneNumber.objects.create(user=user, number="+998901234567")
    EmailAddress.objects.create(user=user, address="anna@example.com")
    Profile.objects.filter(user=user).update(two_factor="sms")
    return user


def make_shop() -> Shop:
    """Return the shop in the evening."""
    product, user = make_product(), make_customer()
    small, medium = product.variants.order_by("position")
    names = ("placed", "pending", "processing", "paid", "shipped", "delivered", "returned")
    names += ("cancelled", "cancelled paid")
    orders = {
        name: place_order(draft_of((small, 2), (medium, 1), number=n, user=user))
        for n, name in enumerate(names)
    }
    start_payment(orders["pending"].pk, provider="offline")
    for name in ("paid", "shipped", "delivered", "returned", "cancelled paid"):
        mark_paid(orders[name].pk)
    for name, steps in {"processing": 1, "shipped": 2, "delivered": 3, "returned": 3}.items():
        for _step in range(steps):
            move_order(orders[name].pk, by="staff")
    move_order(orders["returned"].pk, to="returned", by="staff")
    for name in ("cancelled", "cancelled paid"):
        cancel_order(orders[name].pk, by="customer")
    adjust(variant=small.pk, delta=-3, note="broken")
    Once("user:1", "order-list", "key-1", "print").run(lambda: Answer(201, "{}"))
    Update.objects.create(update_id=1, kind="message", handled_at=timezone.now())
    return Shop(product, small, orders, user)


def of(shop: Shop, name: str, model: Any = Order) -> Any:
    """The rows of one order."""
    key = "pk" if model is Order else "order"
    return model.objects.filter(**{key: shop.orders[name].pk})


def held_by(shop: Shop, name: str) -> Any:
    """What inventory set aside for one order."""
    return Reservation.objects.filter(owner=shop.orders[name].stock_owner)


def ago(**span: float) -> Any:
    """A moment in the past."""
    return timezone.now() - timedelta(**span)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo everything at the end, broken foreign keys and dropped constraints included."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def unguarded(*constraints: tuple[type, str]) -> Iterator[None]:
    """Let rows in that CHECK constraints refuse. Call it in ``rolled_back``."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
            return
        settle()
        for model, name in constraints:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {name}")
        yield


def settle() -> None:
    """Have PostgreSQL check foreign keys now: it alters no table that still waits for that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def drop_index(name: str) -> None:
    """Take a partial unique index away."""
    settle()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {name}")
