"""The queries that every request or every minute asks find their rows by an index.

SHOPKIT_PLAN_ROWS -- rows per table, 20 000 unless said otherwise
"""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from shopkit.accounts.models import AuthSession
from shopkit.catalog.models import Product
from shopkit.core.models import Delivery, IdempotencyKey
from shopkit.inventory.models import Reservation
from shopkit.orders.api.filters import OrderFilters
from shopkit.orders.models import Order, OrderEvent, OrderLine
from shopkit.orders.services.bought import lines_of
from shopkit.otp.models import Budget, Challenge
from shopkit.payments.models import Payment
from shopkit.reviews.models import Like, Review
from tests.plans import fill_shop

MANY = int(os.environ.get("SHOPKIT_PLAN_ROWS", "20000"))
DAY = timedelta(days=1)


def order():
    return Order.objects.exclude(user=None).latest("placed_at")


def own_orders():
    return Order.objects.of_user(order().user).order_by("-placed_at", "-pk")[:20]


def by_staff(**query):
    staff = SimpleNamespace(is_authenticated=True, is_active=True, is_staff=True, has_perm=bool)
    request = SimpleNamespace(user=staff)
    found = OrderFilters(query, queryset=Order.objects.order_by("-placed_at"), request=request).qs
    return found[:20]


def capped():
    one = order()
    mine = Q(user_id=one.user_id) | Q(contact_phone=one.contact_phone)
    return Order.objects.open_unpaid().filter(mine | Q(client_address=one.client_address))


def challenge():
    return Challenge.objects.unspent().order_by("-expires_at").first()


def purged(rows):
    """Return what a purge deletes first."""
    return rows.order_by()[:100]


QUERIES = {
    "a customer's orders": own_orders,
    "the newest orders": lambda: Order.objects.order_by("-placed_at", "-pk")[:20],
    "an order by number": lambda: Order.objects.filter(number=order().number),
    "orders by the beginning of a number": lambda: by_staff(search=order().number[:7].lower()),
    "orders by a part of a name": lambda: by_staff(search=order().contact_name[8:20]),
    "orders by a part of a phone": lambda: by_staff(search=order().contact_phone[5:]),
    "orders of a day": lambda: by_staff(placed_after="2020-01-01T00:00:00Z"),
    "orders to expire": lambda: Order.objects.due().order_by("pk")[:100],
    "orders that count for caps": capped,
    "an order's lines": lambda: OrderLine.objects.filter(order=order()),
    "an order's history": lambda: OrderEvent.objects.filter(order=order()),
    "a cart's last turn": lambda: Order.objects.filter(cart_owner="guest:5").order_by("cart_turn"),
    "what an order holds": lambda: Reservation.objects.open_of(order().stock_owner),
    "an order's payments": lambda: Payment.objects.filter(order=order()),
    "fresh facts": lambda: Delivery.objects.due().tried_before(False).order_by("pk")[:100],
    "facts tried before": lambda: Delivery.objects.due().tried_before(True).order_by("due_at")[:1],
    "facts told long ago": lambda: purged(Delivery.objects.filter(delivered_at__lte=Now() - DAY)),
    "parked facts": Delivery.objects.parked,
    "an idempotency key": lambda: IdempotencyKey.objects.filter(
        principal="p5", route="orders", key="k5"
    ),
    "idempotency keys that are over": lambda: purged(IdempotencyKey.objects.expired()),
    "a challenge to replace": lambda: Challenge.objects.unspent().filter(
        purpose="sign_in", destination=challenge().destination
    ),
    "a challenge by handle": lambda: Challenge.objects.live().filter(handle=challenge().handle),
    "a user's challenges": lambda: Challenge.objects.unspent().filter(user_ref="user:5"),
    "challenges that are over": lambda: purged(
        Challenge.objects.filter(expires_at__lte=Now() - DAY)
    ),
    "a budget": lambda: Budget.objects.filter(scope="address", key="192.0.2.5", seconds=60),
    "all budgets of a name": lambda: Budget.objects.filter(key="192.0.2.5"),
    "budgets that are over": lambda: purged(Budget.objects.over()),
    "a user's open sessions": lambda: AuthSession.objects.alive().of_user(a_user()),
    "whether a user was here": lambda: AuthSession.objects.filter(
        user=a_user(), address="192.0.2.1"
    ),
    "a product's reviews": lambda: a_product().reviews.published()[:20],
    "a user's reviews": lambda: Review.objects.filter(user=a_user()).order_by("-created_at")[:20],
    "the newest reviews": lambda: Review.objects.visible_to(a_user())[:20],
    "reviews that wait": lambda: Review.objects.waiting().order_by("created_at", "pk")[:50],
    "a user's rating of a product": lambda: Review.objects.filter(
        user=a_user(), product=a_product(), rating__isnull=False
    ),
    "a user's likes": lambda: Like.objects.filter(user=a_user()).order_by("-pk")[:20],
    "what a buyer has of a product": lambda: lines_of(order().user, a_product()),
    "sessions that are over": lambda: purged(AuthSession.objects.over(since=DAY)),
}


def a_product():
    return Product.objects.get()


def a_user():
    return get_user_model().objects.latest("pk")


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_hot_query_reads_few_rows_of_many():
    fill_shop(many=MANY)

    plans = {name: explained(rows()) for name, rows in QUERIES.items()}

    wasteful = [f"{name}:\n{text}" for name, (read, text) in plans.items() if read > MANY / 20]
    assert not wasteful, "\n\n".join(wasteful)


def explained(rows):
    """Return how many rows the query looks at, and its plan as text."""
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
        ((plan,),) = cursor.fetchall()
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {sql}", values)
        text = "\n".join(line for (line,) in cursor.fetchall())
    return rows_read(plan[0]["Plan"]), text


def rows_read(node):
    """Return how many rows a plan looked at, those it threw away included."""
    own = 0
    if "Relation Name" in node:
        own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        own = (own + node.get("Rows Removed by Index Recheck", 0)) * node["Actual Loops"]
    return own + sum(rows_read(inner) for inner in node.get("Plans", ()))
