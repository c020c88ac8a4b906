"""One way to break every rule that the doctor proves, behind the services' backs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from shopkit.accounts.models import EmailAddress, PhoneNumber
from shopkit.catalog.models import (
    Attribute,
    AttributeValue,
    Category,
    Image,
    Listing,
    ListingCount,
    Product,
    ProductAttributeValue,
    ProductType,
    ProductTypeAttribute,
    Variant,
    VariantAttributeValue,
)
from shopkit.catalog.services.cached import refresh_products
from shopkit.core.models import Delivery, IdempotencyKey
from shopkit.inventory.models import Movement, StockItem
from shopkit.notifications.models import Event, Message
from shopkit.orders.models import Order, OrderEvent, OrderLine
from shopkit.payments.models import Payment
from shopkit.reviews.models import Like, Review
from shopkit.reviews.testing import make_review
from shopkit.telegram.models import Update

from .shop import Shop, ago, drop_index, held_by, of, settle, unguarded

SUBSCRIBER = "shopkit.orders.receivers.take_out_of_cart"


@dataclass(frozen=True)
class Breach:
    """One way to break a rule behind the services' backs.

    also -- other probes that see the same breach
    needs_postgres -- the rule is one of PostgreSQL's alone
    """

    code: str
    made_by: Callable[[Shop], Any]
    is_fixable: bool = False
    is_warning: bool = False
    also: tuple[str, ...] = ()
    needs_postgres: bool = False

    def __str__(self) -> str:
        return self.made_by.__name__


BREACHES: list[Breach] = []


def breach(
    code: str,
    *also: str,
    fixable: bool = False,
    warning: bool = False,
    needs_postgres: bool = False,
) -> Any:
    def note(made_by: Callable[[Shop], Any]) -> Callable[[Shop], Any]:
        BREACHES.append(Breach(code, made_by, fixable, warning, also, needs_postgres))
        return made_by

    return note


# Core.


@breach("core.migrations")
def a_migration_that_was_forgotten(shop):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'shopkit_payments'")


@breach("core.constraints")
def a_constraint_that_somebody_dropped(shop):
    drop_index("shopkit_payment_one_live")


@breach("core.references")
def an_order_of_a_user_who_is_not_there(shop):
    of(shop, "placed").update(user_id=10**9)


@breach("core.facts_overdue")
def a_fact_that_nobody_delivers(shop):
    Delivery.objects.create(
        fact="order.placed", subscriber=SUBSCRIBER, ids={"order_id": 1}, due_at=ago(hours=1)
    )


@breach("core.facts_parked", warning=True)
def a_fact_that_was_given_up(shop):
    Delivery.objects.create(
        fact="order.placed", subscriber=SUBSCRIBER, ids={"order_id": 1}, parked_at=ago(hours=1)
    )


@breach("core.subscribers")
def a_fact_for_a_function_that_is_gone(shop):
    Delivery.objects.create(fact="order.placed", subscriber="shop.gone.away", ids={})


@breach("core.idempotency")
def a_key_without_an_answer(shop):
    IdempotencyKey.objects.update(body="", status=0)


@breach("core.idempotency", warning=True)
def a_call_that_broke_off(shop):
    IdempotencyKey.objects.update(body="", status=0, running_until=ago(hours=1))


# The catalogue.


@breach("catalog.tree", fixable=True)
def a_category_at_a_wrong_place(shop):
    Category.objects.filter(name="Trousers").update(lft=F("lft") + 40, rght=F("rght") + 40)


@breach("catalog.cached", fixable=True)
def a_highest_price_of_yesterday(shop):
    Product.objects.update(price_max=F("price_max") + 10_000)


@breach("catalog.cached", fixable=True)
def a_product_that_seems_sold_out(shop):
    Product.objects.update(in_stock=False)


@breach("catalog.cached", fixable=True)
def words_nobody_finds(shop):
    Product.objects.update(search_key="")


@breach("catalog.search", fixable=True)
def a_category_nobody_finds(shop):
    Category.objects.update(search_key="")


@breach("catalog.cached", fixable=True)
def a_sole_variant_of_two(shop):
    Product.objects.update(sole_variant=shop.variant)


@breach("catalog.cached", fixable=True)
def a_sale_that_is_over(shop):
    Variant.objects.update(sale_price=None)
    Product.objects.update(price_max=80_000)


@breach("catalog.listing", "catalog.counts", fixable=True)
def a_product_that_its_category_does_not_list(shop):
    Listing.objects.filter(category__name="Clothing").delete()


@breach("catalog.listing", "catalog.counts", fixable=True)
def a_product_that_a_strange_category_lists(shop):
    trousers = Category.objects.get(name="Trousers")
    Listing.objects.create(product=shop.product, category=trousers, price=50_000)


@breach("catalog.listing", fixable=True)
def a_product_listed_at_an_old_price(shop):
    Listing.objects.update(price=1)


@breach("catalog.counts", fixable=True)
def a_category_that_counts_too_many(shop):
    ListingCount.objects.update(products=F("products") + 2)


@breach("catalog.counts", fixable=True)
def a_category_that_counts_nothing(shop):
    ListingCount.objects.all().delete()


@breach("catalog.facets", fixable=True, needs_postgres=True)
def a_trigger_that_somebody_dropped(shop):
    settle()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER shopkit_facets_update ON shopkit_catalog_product")


@breach("catalog.variants", "catalog.cached")
def a_product_with_nothing_to_buy(shop):
    Variant.objects.update(is_active=False)


@breach("catalog.sale_price", "catalog.cached")
def a_sale_price_above_the_price(shop):
    with unguarded((Variant, "shopkit_variant_sale_price_lower")):
        Variant.objects.filter(sku="SHIRT-M").update(sale_price=90_000)


@breach("catalog.combination")
def two_variants_of_one_size(shop):
    drop_index("shopkit_variant_one_per_combination")
    Variant.objects.filter(product=shop.product).update(combination=shop.variant.combination)


@breach("catalog.types")
def a_product_of_a_type_that_has_nothing(shop):
    Product.objects.update(type=ProductType.objects.create(code="empty", name="Empty"))


@breach("catalog.types")
def a_product_without_what_its_type_needs(shop):
    kind = ProductType.objects.create(code="shirt", name="Shirt")
    for code in ("size", "brand"):
        attribute, _made = Attribute.objects.get_or_create(code=code)
        ProductTypeAttribute.objects.create(type=kind, attribute=attribute, is_required=True)
    Product.objects.update(type=kind)


@breach("catalog.types")
def a_variant_without_what_its_type_needs(shop):
    kind = ProductType.objects.create(code="shirt", name="Shirt")
    size = Attribute.objects.get(code="size")
    ProductTypeAttribute.objects.create(type=kind, attribute=size, is_required=True)
    Product.objects.update(type=kind)
    VariantAttributeValue.objects.filter(variant__sku="SHIRT-M").delete()
    refresh_products([shop.product.pk])


@breach("catalog.values")
def a_product_with_a_value_of_another_attribute(shop):
    brand = Attribute.objects.create(code="brand")
    small = AttributeValue.objects.get(value="S")
    ProductAttributeValue.objects.create(product=shop.product, attribute=brand, value=small)


@breach("catalog.values")
def a_variant_with_a_value_of_another_attribute(shop):
    brand = Attribute.objects.create(code="brand")
    VariantAttributeValue.objects.filter(variant=shop.variant).update(attribute=brand)


@breach("catalog.numbers", fixable=True)
def a_number_that_is_compared_as_another(shop):
    memory = Attribute.objects.create(code="memory", type="number")
    AttributeValue.objects.create(attribute=memory, value="16", number=16)


@breach("catalog.numbers", fixable=True)
def a_word_that_is_compared_as_a_number(shop):
    AttributeValue.objects.filter(value="S").update(number=1)


@breach("catalog.image_sizes", warning=True)
def a_picture_whose_sizes_nobody_made(shop):
    picture = Image.objects.create(
        product=shop.product, file="products/shirt.webp", width=1, height=1
    )
    Image.objects.update(created_at=ago(hours=2))
    Product.objects.filter(pk=shop.product.pk).update(primary_image=picture)


# The stock.


@breach("inventory.ledger")
def units_that_came_from_nowhere(shop):
    StockItem.objects.filter(variant=shop.variant).update(on_hand=F("on_hand") + 1)


@breach("inventory.ledger_chain")
def a_movement_that_starts_elsewhere(shop):
    first = Movement.objects.filter(item__variant=shop.variant).earliest("pk")
    Movement.objects.filter(pk=first.pk).update(on_hand_after=F("on_hand_after") + 1)


@breach("inventory.reserved")
def units_held_for_nobody(shop):
    StockItem.objects.filter(variant=shop.variant).update(reserved=F("reserved") + 1)


@breach("inventory.bounds", "inventory.reserved")
def more_promised_than_there_is(shop):
    with unguarded((StockItem, "shopkit_stockitem_reserved_lte_on_hand")):
        StockItem.objects.filter(variant=shop.variant).update(reserved=F("on_hand") + 1)


@breach("inventory.sold")
def units_sold_that_no_order_took(shop):
    sold = Movement.objects.filter(reference=shop.orders["shipped"].stock_owner)
    sold.update(reason=Movement.Reason.ADJUSTED)


@breach("inventory.sold")
def units_sold_in_the_name_of_another_order(shop):
    sold = Movement.objects.filter(reference=shop.orders["shipped"].stock_owner)
    sold.update(reference=shop.orders["placed"].stock_owner)


# Orders.


@breach("orders.total", "orders.agreement", "payments.order_status")
def a_total_that_does_not_add_up(shop):
    with unguarded((Order, "shopkit_order_total_adds_up")):
        of(shop, "paid").update(total=F("total") + 10_000)


@breach("orders.lines", "orders.agreement")
def a_line_at_another_price(shop):
    of(shop, "placed", OrderLine).update(unit_price=1, line_total=F("quantity") * 10_000)


@breach("orders.lines", "orders.agreement", "orders.reservations")
def an_order_without_lines(shop):
    of(shop, "placed", OrderLine).delete()


@breach("orders.line_total", "orders.lines")
def a_line_that_does_not_multiply(shop):
    with unguarded((OrderLine, "shopkit_orderline_total_adds_up")):
        of(shop, "placed", OrderLine).update(line_total=F("line_total") + 10_000)


@breach("orders.adjustments", "orders.agreement")
def a_discount_that_nobody_saw(shop):
    seen = [{"kind": "discount", "code": "gift", "label": "Gift", "amount": "-500.00"}]
    of(shop, "placed").update(adjustments=seen)


@breach("orders.adjustments", "orders.agreement")
def a_kind_of_adjustment_that_is_unknown(shop):
    seen = [{"kind": "bribe", "code": "x", "label": "X", "amount": "500.00"}]
    of(shop, "placed").update(adjustments=seen)


@breach("orders.agreement", "orders.reservations")
def other_units_for_the_same_money(shop):
    line = of(shop, "placed", OrderLine).get(quantity=2)
    OrderLine.objects.filter(pk=line.pk).update(quantity=1, unit_price=line.line_total)


@breach("orders.number", "orders.reservations")
def a_number_that_no_address_can_hold(shop):
    of(shop, "placed").update(number="7K 3M")


@breach("orders.history")
def an_event_that_starts_elsewhere(shop):
    of(shop, "shipped", OrderEvent).filter(to_status="shipped").update(from_status="placed")


@breach("orders.history")
def a_first_event_that_is_lost(shop):
    of(shop, "shipped", OrderEvent).filter(from_status="").delete()


@breach("orders.status", "orders.stock")
def a_status_that_no_event_led_to(shop):
    of(shop, "placed").update(status="shipped")


@breach("orders.status")
def an_order_without_a_history(shop):
    of(shop, "placed", OrderEvent).delete()


@breach("orders.reservations", "inventory.reserved")
def an_order_that_holds_too_much(shop):
    held_by(shop, "placed").update(quantity=F("quantity") + 1)


@breach("orders.reservations", "inventory.reserved")
def an_order_that_holds_nothing(shop):
    held_by(shop, "placed").delete()


@breach("orders.reservations")
def units_held_by_an_order_that_is_not_there(shop):
    held_by(shop, "placed").update(owner="order:GONE")


@breach("orders.stock")
def a_placed_order_whose_units_are_free(shop):
    for one in held_by(shop, "placed"):
        StockItem.objects.filter(pk=one.item_id).update(reserved=F("reserved") - one.quantity)
    held_by(shop, "placed").update(state="released", closed_at=Now())


@breach("orders.stock")
def a_cancelled_order_that_still_holds_units(shop):
    for one in held_by(shop, "cancelled"):
        StockItem.objects.filter(pk=one.item_id).update(reserved=F("reserved") + one.quantity)
    held_by(shop, "cancelled").update(state="open", closed_at=None)


@breach("orders.overdue", warning=True)
def an_order_that_nobody_expired(shop):
    of(shop, "placed").update(expires_at=ago(days=2))


@breach("orders.cart", warning=True)
def goods_that_never_left_the_cart(shop):
    of(shop, "placed").update(is_in_cart=True, placed_at=ago(days=2))


# Payments.


@breach("payments.received", "payments.refund_due")
def money_that_no_payment_brought(shop):
    Order.objects.filter(paid_total__gt=0).update(paid_total=F("paid_total") + 10_000)


@breach("payments.status", "payments.received", "payments.order_status")
def a_payment_that_came_short(shop):
    of(shop, "paid", Payment).update(captured=F("captured") - 10_000)


@breach("payments.status", "payments.received", "payments.order_status")
def a_pending_payment_with_money_in_it(shop):
    of(shop, "pending", Payment).update(captured=F("amount"))


@breach("payments.refunds", "payments.received", "payments.order_status")
def a_refund_that_nobody_wrote_down(shop):
    of(shop, "paid", Payment).update(refunded=10_000, status="partially_refunded")


@breach("payments.currency")
def a_payment_in_another_currency(shop):
    of(shop, "paid", Payment).update(currency="USD")


@breach("payments.order_status")
def an_order_that_is_paid_by_word_only(shop):
    of(shop, "placed").update(payment_status="paid")


@breach("payments.order_status")
def a_paid_order_that_says_unpaid(shop):
    of(shop, "paid").update(payment_status="unpaid")


@breach("payments.refund_due")
def a_cancelled_order_that_keeps_the_money(shop):
    of(shop, "cancelled paid").update(refund_due=0)


@breach("payments.refund_due")
def a_living_order_that_owes_its_money_back(shop):
    of(shop, "paid").update(refund_due=F("paid_total"))


# Reviews.


@breach("reviews.ratings", fixable=True)
def a_review_that_nobody_counted(shop):
    Review.objects.create(product=shop.product, user=shop.user, rating=4, status="published")


@breach("reviews.ratings", fixable=True)
def a_rejected_review_that_still_counts(shop):
    review = make_review(shop.product, user=shop.user)
    Review.objects.filter(pk=review.pk).update(status="rejected", moderated_at=Now())


@breach("reviews.ratings", fixable=True)
def stars_that_were_changed_behind_the_sum(shop):
    make_review(shop.product, user=shop.user, rating=5)
    Review.objects.update(rating=1)


@breach("reviews.ratings", fixable=True)
def an_average_that_nobody_worked_out(shop):
    make_review(shop.product, user=shop.user, rating=5)
    Product.objects.filter(pk=shop.product.pk).update(rating_avg=499)


@breach("reviews.likes", fixable=True)
def a_like_that_nobody_counted(shop):
    Like.objects.create(product=shop.product, user=shop.user)


@breach("reviews.likes", fixable=True)
def likes_of_nobody(shop):
    Product.objects.update(likes_count=F("likes_count") + 7)


# People.


@breach("accounts.username_key", fixable=True)
def a_user_renamed_elsewhere(shop):
    get_user_model().objects.filter(pk=shop.user.pk).update(username="Berdaq")


@breach("accounts.username_key")
def a_user_renamed_to_what_another_is_called(shop):
    get_user_model().objects.create_user("berdaq")
    get_user_model().objects.filter(pk=shop.user.pk).update(username="Berdaq")


@breach("accounts.contacts")
def a_phone_in_a_spelling_of_its_own(shop):
    PhoneNumber.objects.update(number="901234567")


@breach("accounts.contacts")
def an_address_in_capitals(shop):
    with unguarded((EmailAddress, "shopkit_emailaddress_lower_case")):
        EmailAddress.objects.update(address="ANNA@EXAMPLE.COM")


@breach("accounts.two_factor", warning=True)
def a_second_factor_that_reaches_nobody(shop):
    PhoneNumber.objects.all().delete()


@breach("telegram.updates", warning=True)
def an_update_that_nobody_handled(shop):
    Update.objects.update(handled_at=None, received_at=ago(days=1))


@breach("notifications.messages", warning=True)
def a_message_that_nobody_sent(shop):
    event = Event.objects.create(key="welcome:1", kind="welcome", about="user:1", at=ago(days=3))
    Message.objects.create(
        event=event, recipient="user:1", channel="email", language="en", created_at=ago(days=3)
    )


# The test itself makes the settings wrong, and right again.
breach("core.settings")(lambda _shop: None)
