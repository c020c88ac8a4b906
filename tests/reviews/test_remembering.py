"""A catalogue that remembers its answers: opinions make them old, and likes are in none."""

from shopkit.catalog.testing import make_variant
from tests.catalog.cache.conftest import remembering

from .conftest import API, post, rating_of

__all__ = ["remembering"]


def test_opinions_are_seen_at_the_next_look(remembering, client, as_user):
    product = make_variant().product

    def look():
        first, second = (client.get(f"{API}products/").json()["results"][0] for _ in range(2))
        assert second == first
        assert "is_liked" not in first
        return first["rating"]["count"], first["rating"]["average"], first["likes_count"]

    assert look() == (0, 0, 0)
    pk = post(as_user, product, rating=4).json()["id"]
    assert look() == (1, 4, 0)
    assert as_user.get(f"{API}products/").json()["results"][0]["is_liked"] is False
    as_user.put(f"{API}products/{product.pk}/like/")
    assert as_user.get(f"{API}products/").json()["results"][0]["is_liked"] is True
    assert look() == (1, 4, 1)
    as_user.delete(f"{API}reviews/{pk}/")
    assert look() == (0, 0, 1)
    as_user.delete(f"{API}products/{product.pk}/like/")
    assert look() == (0, 0, 0)
    assert rating_of(product) == (0, 0, 0)
