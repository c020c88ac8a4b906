"""What sells best: counted from the lines of orders, for the ordering ``popularity``."""

from django.db.models import QuerySet, Sum
from django.db.models.functions import Now

from shopkit.catalog.models import Product
from shopkit.catalog.services.popularity import set_popularity
from shopkit.orders.conf import orders_settings
from shopkit.orders.models import Order, OrderLine

BATCH = 500


def recount_popularity() -> int:
    """Make every product's popularity the units sold in the last ``POPULARITY_WINDOW``.

    An order counts once it is paid or staff have confirmed it, and no longer when it is cancelled
    or returned: nobody moves the list by orders that he does not pay. Safe to run twice at once.
    Two statements for 500 products, three more where something changed.

    Returns how many products changed.
    """
    changed, last = 0, 0
    while keys := list(
        Product.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        last = keys[-1]
        lines = _sold().filter(product__gte=keys[0], product__lte=last)
        units = dict(lines.values_list("product").annotate(Sum("quantity")).order_by())
        changed += set_popularity({key: units.get(key, 0) for key in keys})
    return changed


def _sold() -> QuerySet[OrderLine]:
    since = Now() - orders_settings().POPULARITY_WINDOW
    return OrderLine.objects.filter(order__in=Order.objects.sold().filter(placed_at__gte=since))
