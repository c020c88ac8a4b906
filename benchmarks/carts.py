"""Carts that stand ready before the clock starts, and the shelf that everybody wants."""

from collections.abc import Iterable, Sequence

import psycopg

from shopkit.cart.owners import new_token, owner_of_token
from shopkit.cart.services import cart_store
from shopkit.cart.stores.base import Limits
from shopkit.catalog.models import Variant

from .workloads import HOT_VARIANT, STOCK


def fill_carts(baskets: Iterable[Sequence[int]]) -> list[str]:
    """Put one unit of each variant into a guest's new cart per basket; return their tokens."""
    store, limits, tokens = cart_store(), Limits(ceiling=99, max_lines=100), []
    wanted = list(baskets)
    named = {pk for variants in wanted for pk in variants}
    prices = {one.pk: one.unit_price for one in Variant.objects.filter(pk__in=named)}
    for variants in wanted:
        tokens.append(new_token())
        owner = owner_of_token(tokens[-1])
        for pk in variants:
            store.add(owner, variant_id=pk, quantity=1, price=prices[pk], limits=limits)
    return tokens


def stock_hot_variant(url: str, units: int = STOCK) -> None:
    """Put exactly ``units`` of the wanted variant on the shelf, none of them held."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(
            "UPDATE shopkit_inventory_stockitem SET on_hand = %s, reserved = 0"
            " WHERE variant_id = %s",
            [units, HOT_VARIANT],
        )


def held_of_hot_variant(url: str) -> int:
    """Return how many units of it are held now."""
    with psycopg.connect(url, autocommit=True) as link:
        found = link.execute(
            "SELECT reserved FROM shopkit_inventory_stockitem WHERE variant_id = %s",
            [HOT_VARIANT],
        ).fetchone()
    return int(found[0]) if found else 0
