"""Who likes what."""

from collections.abc import Collection
from typing import Any

from shopkit.catalog.services.opinions import change_likes, lock_products
from shopkit.core.inserts import insert_if_new
from shopkit.core.transactions import whole_transaction
from shopkit.reviews.models import Like

from .tallies import lock_author, lock_product


@whole_transaction
def like(product: int, *, user: Any) -> Like:
    """Have ``user`` like the product (key) from now on; again changes nothing.

    Raises NotSignedIn for a user who is gone, Product.DoesNotExist.
    """
    found = Like.objects.filter(user=user.pk, product=product).first()
    if found is not None:
        return found
    lock_author(user)
    lock_product(product)
    if insert_if_new(Like(user_id=user.pk, product_id=product)):
        change_likes(product, by=1)
    return Like.objects.get(user=user.pk, product=product)


@whole_transaction
def unlike(product: int, *, user: Any) -> None:
    """Have ``user`` like the product (key) no more; again changes nothing."""
    own = Like.objects.filter(user=user.pk, product=product)
    if not own.exists():
        return
    lock_products([product])
    gone, _by_model = own.delete()
    if gone:
        change_likes(product, by=-gone)


def liked_by(user: Any, products: Collection[int]) -> set[int]:
    """Return those of ``products`` (keys) that ``user`` likes, in one statement.

    The catalogue asks it where ``SHOPKIT["CATALOG"]["LIKED"]`` names it.
    """
    own = Like.objects.filter(user=user.pk, product__in=products)
    return set(own.values_list("product_id", flat=True))
