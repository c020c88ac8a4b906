"""How well products sell; whoever counts sales says so here."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When

from shopkit.catalog.models import Product

LARGEST = 2**31 - 1


def set_popularity(units: Mapping[int, int]) -> int:
    """Make ``units`` ({product key: units sold lately}) what products are ordered by.

    Give at most some hundreds at a time; rows that are right already are not written. Returns how
    many were.
    """
    wanted = {key: min(number, LARGEST) for key, number in units.items()}
    places = [When(pk=key, then=Value(number)) for key, number in wanted.items()]
    if not places:
        return 0
    right = Case(*places, output_field=IntegerField())
    with transaction.atomic():
        # In key order, as everybody locks products.
        rows = Product.objects.filter(pk__in=wanted).exclude(popularity=right).order_by("pk")
        keys = list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
        return Product.objects.filter(pk__in=keys).update(popularity=right) if keys else 0
