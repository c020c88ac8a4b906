"""Many who add, move and delete pictures of one product at once, with real commits."""

import pytest

from shopkit.catalog.models import Image
from shopkit.catalog.services import images
from shopkit.catalog.services.images import delete_image, update_image
from tests.threads import at_once, kinds

from .conftest import add, files, named, upload

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


def add_naively(product):
    """What ``add_image`` would be without the product's lock."""
    images._refuse_too_many(product)
    picture = images.clean_upload(upload())
    name = Image._meta.get_field("file").storage.save(picture.name, picture)
    place = product.images.count()
    Image.objects.create(product=product, file=name, width=1, height=1, position=place)


@pytest.mark.parametrize(("add_one", "is_right"), [(add, True), (add_naively, False)])
def test_pictures_added_at_once_are_no_more_than_allowed_each_at_its_place(
    product, media, settings, add_one, is_right
):
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": {"MAX_IMAGES": 4}}

    outcomes = at_once([lambda: add_one(product)] * 12)

    found = list(product.images.order_by("position").values_list("position", flat=True))
    assert (found == [0, 1, 2, 3]) is is_right
    if is_right:
        assert kinds(outcomes) == {"ok": 4, "ValidationError": 8}
        assert files(media) == named()


def test_the_same_source_fetched_twice_at_once_is_kept_once(product, media):
    outcomes = at_once([lambda: add(product, source="https://x.example/1.jpg")] * 6)

    assert kinds(outcomes) == {"ok": 1, "ValidationError": 5}
    assert files(media) == named()


def test_moves_and_deletions_at_once_leave_places_without_a_gap(product, media):
    pictures = [add(product) for _ in range(8)]
    moves = [lambda one=one: update_image(one, changes={"position": 0}) for one in pictures[:5]]
    deletions = [lambda one=one: delete_image(one) for one in pictures[5:]]

    outcomes = at_once(moves + deletions + deletions)

    assert kinds(outcomes) == {"ok": 8, "DoesNotExist": 3}
    assert [one.position for one in product.images.order_by("position")] == [0, 1, 2, 3, 4]
    product.refresh_from_db()
    assert product.primary_image == product.images.get(position=0)
    assert files(media) == named()
