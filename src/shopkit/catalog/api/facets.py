"""Facets beside a list, as the query asks for them."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from shopkit.catalog.models import Product
from shopkit.catalog.services.facets import Choice, Facets, read_facets
from shopkit.core.api.pagination import LIST_PARAMETERS

from .filters import values_chosen

# What facets are counted by; whatever else is asked narrows the products in one statement.
COUNTED = frozenset(
    {"category", "attr", "min_price", "max_price", "min_rating", "in_stock", "on_sale"}
)
BESIDE = frozenset({"facets", "ordering"}) | LIST_PARAMETERS


def facets_of(
    request: Request, filters: Any, rows: QuerySet[Product, Any] | None = None
) -> Facets | None:
    """Return what ``request`` wants counted, or None when it wants nothing.

    filters -- the view's ``filterset_class``; the query has passed it
    rows -- what the list has before any filter; None: all that is on sale
    """
    query: Any = request.query_params
    if "facets" not in query:
        return None
    beside = query.copy()
    for name in query.keys() - COUNTED - BESIDE:
        del beside[name]
    asked = _cleaned(filters, beside, request)
    if not asked["facets"]:
        return None
    rating = asked.get("min_rating")
    choice = Choice(
        categories=asked.get("category") or (),
        values=values_chosen(asked.get("attr") or []),
        min_price=asked.get("min_price"),
        max_price=asked.get("max_price"),
        min_rating=None if rating is None else int(rating * 100),
        in_stock=asked.get("in_stock"),
        on_sale=asked.get("on_sale"),
        among=_among(request, filters, rows),
    )
    return read_facets(choice, asked["facets"])


def _cleaned(filters: Any, query: Any, request: Request) -> dict[str, Any]:
    chosen = filters(data=query, queryset=Product.objects.none(), request=request)
    chosen.is_valid()
    cleaned: dict[str, Any] = chosen.form.cleaned_data
    return cleaned


def _among(
    request: Request, filters: Any, rows: QuerySet[Product, Any] | None
) -> QuerySet[Product, Any] | None:
    """Return what the filters leave that are not counted by, or None when there are none."""
    query: Any = request.query_params
    names = query.keys() - COUNTED - BESIDE
    if not names:
        return rows
    given = query.copy()
    for name in query.keys() - names:
        del given[name]
    for alias in filters.aliases.keys() & names:
        given.setlist(filters.aliases[alias], given.pop(alias))
    found: QuerySet[Product, Any] = filters(
        data=given, queryset=Product.objects.on_sale() if rows is None else rows, request=request
    ).qs
    return found
