"""Wishes to be told when something that is sold out can be had again.

A wish ends when its user is told. Whoever wishes locks the stock item first, and so does whoever
brings units: a wish made beside a delivery sees the units and is refused, or is seen by it.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, QuerySet

from shopkit.catalog.models import Variant
from shopkit.core.inserts import insert_if_new
from shopkit.core.transactions import whole_transaction

from .errors import InStock, TooManyWishes
from .facts import back_in_stock, wish_granted
from .models import StockItem, StockWish

MOST_WISHES = 100
BATCH = 100


@whole_transaction
def make_wish(user: Any, variant: Variant) -> StockWish:
    """Return the wish of ``user`` to be told when ``variant`` can be had; made where it is new.

    Raises InStock when it can be had now, TooManyWishes beyond MOST_WISHES of one user.
    """
    _lock_user(user)  # counted below; before any stock, as everybody locks
    StockItem.objects.bulk_create([StockItem(variant=variant)], ignore_conflicts=True)
    item = StockItem.objects.locked([variant.pk]).get()
    if item.available > 0:
        raise InStock(variant_id=variant.pk, available=item.available)
    mine = StockWish.objects.filter(user=user)
    found = mine.filter(variant=variant).first()
    if found is not None:
        return found
    if mine.count() >= MOST_WISHES:
        raise TooManyWishes(most=MOST_WISHES)
    # The item's lock has made it new; without row locks a twin may have been faster.
    insert_if_new(StockWish(user=user, variant=variant))
    return mine.get(variant=variant)


def _lock_user(user: Any) -> None:
    rows = get_user_model()._default_manager.filter(pk=user.pk)
    list(rows.order_by().select_for_update(no_key=True).values_list("pk"))


def drop_wish(user: Any, variant: int) -> None:
    """Forget the wish; there need not be one, nor a variant of that key."""
    StockWish.objects.filter(user=user, variant__pk=variant).delete()


def announce_back(variants: Collection[int]) -> None:
    """Say that the first units of ``variants`` came back, where somebody waits for them.

    Call it in the transaction that brought them, under the lock of the stock items. Announces
    ``back_in_stock``.
    """
    if not variants:
        return
    wanted = StockWish.objects.filter(variant__in=variants).order_by("variant")
    for variant in wanted.values_list("variant", flat=True).distinct():
        back_in_stock.announce(variant_id=variant)


def grant_wishes(variant: int) -> int:
    """End the wishes for ``variant`` and have their users told, as long as it can be had.

    What is gone again meanwhile, or is not on sale, leaves the rest waiting for the next time.
    Safe to run twice at once: each wish ends once. Announces ``wish_granted`` for each; returns
    how many.
    """
    granted = 0
    while more := _grant_some(variant):
        granted += more
    return granted


def grant_due() -> int:
    """Grant the wishes for what can be had; returns how many.

    Units that come announce themselves; that a product which has units is shown again does not.
    Safe to run twice at once.
    """
    granted, last = 0, 0
    wished = StockWish.objects.filter(variant__in=_at_hand()).order_by("variant")
    keys = wished.values_list("variant", flat=True).distinct()
    while found := list(keys.filter(variant__gt=last)[:BATCH]):
        last = found[-1]
        granted += sum(map(grant_wishes, found))
    return granted


def _at_hand() -> QuerySet[Variant]:
    there = StockItem.objects.filter(on_hand__gt=F("reserved")).values("variant")
    return Variant.objects.on_sale().filter(pk__in=there)


@transaction.atomic
def _grant_some(variant: int) -> int:
    if not _at_hand().filter(pk=variant).exists():
        return 0
    rows = StockWish.objects.filter(variant=variant).order_by("pk")
    wishes = list(rows.select_for_update(skip_locked=True)[:BATCH])
    for wish in wishes:
        wish_granted.announce(wish_id=wish.pk, variant_id=variant, user=str(wish.user_id))
    StockWish.objects.filter(pk__in=[wish.pk for wish in wishes]).delete()
    return len(wishes)
