"""The front page, until there is a storefront."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shopkit.catalog.models import Category, Product
from shopkit.catalog.translation import translated
from shopkit.core.conf import core_settings
from shopkit.core.words import show_money

from .content import CUSTOMERS
from .services import STAFF

MOST_PRODUCTS = 12
MOST_CATEGORIES = 100


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """Show what can be opened, the categories, and what is on sale just now."""
    context = {
        "roots": _tree(),
        "offers": [_offer(card) for card in _cards()],
        "accounts": [STAFF, *CUSTOMERS] if settings.DEBUG else [],
    }
    return render(request, "demo/front_page.html", context)


def _cards() -> Any:
    offers = Product.objects.on_sale().filter(on_sale=True, in_stock=True)
    return offers.order_by("-created_at", "-pk").cards()[:MOST_PRODUCTS]


def _offer(card: Any) -> dict[str, Any]:
    """Return a card with its texts in the reader's language and its prices for people."""
    currency = core_settings().CURRENCY
    now = card.price if card.sale_price is None else card.sale_price
    return {
        "slug": card.slug,
        "name": translated(card.name, card.translations),
        "category": translated(card.category__name or "", card.category__translations or {}),
        "price": show_money(now, currency),
        "old_price": "" if card.sale_price is None else show_money(card.price, currency),
        "is_from": card.price_min != card.price_max,
    }


def _tree() -> list[dict[str, Any]]:
    """Return the first two levels of visible categories, each root with its children."""
    rows = Category.objects.visible().filter(level__lte=1).in_tree_order()
    roots: dict[int, dict[str, Any]] = {}
    for row in rows.values("pk", "parent_id", "slug", "name", "translations")[:MOST_CATEGORIES]:
        row["name"] = translated(row["name"], row["translations"])
        if row["parent_id"] is None:
            roots[row["pk"]] = {**row, "children": []}
        elif row["parent_id"] in roots:
            roots[row["parent_id"]]["children"].append(row)
    return list(roots.values())
