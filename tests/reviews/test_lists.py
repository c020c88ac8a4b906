"""Lists of reviews: who sees what, in which order, in how many statements."""

import pytest

from shopkit.catalog.testing import make_variant
from shopkit.reviews.models import Review
from shopkit.reviews.testing import make_author, make_review

from .conftest import API, post

pytestmark = pytest.mark.django_db


def ids(client, path):
    answer = client.get(f"{API}{path}")
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["results"]]


@pytest.fixture
def states(product, rules):
    """One review of each status, of strangers."""
    rules(MODERATION="all")
    return {
        status: make_review(product, status=status).pk
        for status in ("published", "pending", "rejected")
    }


def test_everybody_sees_what_is_published(client, as_user, product, states):
    for caller in (client, as_user):
        assert ids(caller, f"products/{product.slug}/reviews/") == [states["published"]]
        assert ids(caller, "reviews/") == [states["published"]]
        assert ids(caller, "reviews/?status=pending") == []


def test_one_sees_ones_own_in_any_state(as_user, user, product, states):
    mine = make_review(product, user=user, status="rejected").pk

    assert ids(as_user, "reviews/") == [mine, states["published"]]
    assert ids(as_user, "reviews/?mine=1") == [mine]
    assert ids(as_user, "reviews/?mine=false") == [mine, states["published"]]
    assert ids(as_user, f"products/{product.pk}/reviews/") == [states["published"]]


def test_staff_see_all_and_narrow_it(as_staff, product, states):
    author = Review.objects.get(pk=states["pending"]).user

    assert ids(as_staff, "reviews/") == sorted(states.values(), reverse=True)
    assert ids(as_staff, "reviews/?status=rejected") == [states["rejected"]]
    assert ids(as_staff, f"reviews/?user={author.pk}") == [states["pending"]]
    assert ids(as_staff, "reviews/?user=999999") == []


def test_being_staff_is_not_enough(as_other, other, states):
    other.is_staff = True
    other.save()

    assert ids(as_other, "reviews/") == [states["published"]]
    assert as_other.get(f"{API}reviews/{states['pending']}/").status_code == 404
    assert as_other.get(f"{API}reviews/?user=1").status_code == 403


def test_the_list_is_narrowed_to_a_product(client, product):
    plate = make_variant(sku="PLATE").product
    cup_review, plate_review = make_review(product).pk, make_review(plate).pk

    assert ids(client, f"reviews/?product={plate.pk}") == [plate_review]
    assert ids(client, f"reviews/?product={product.slug}") == [cup_review]
    assert ids(client, f"reviews/?product={10**30}") == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("mine=1", 401), ("user=1", 401), ("mine=maybe", 400), ("rating=6", 400),
        ("rating=x", 400), ("ordering=text", 400), ("colour=red", 400), ("status=lost", 400),
        ("page=999", 404), ("product=%00", 400), ("cursor=x", 400),
    ],
)  # fmt: skip
def test_what_nobody_can_ask_is_refused(client, query, status):
    assert client.get(f"{API}reviews/?{query}").status_code == status


@pytest.mark.parametrize("key", ["x", "1.5", "%00", str(10**30)])
def test_a_user_that_is_none_is_400_or_nobody(as_staff, key):
    answer = as_staff.get(f"{API}reviews/?user={key}")

    assert answer.status_code in {200, 400}
    assert answer.status_code == 400 or answer.json()["count"] == 0


def test_reviews_are_ordered_and_narrowed_by_stars(client, product, rules):
    rules(RATING_REQUIRED=False)
    made = {stars: make_review(product, rating=stars).pk for stars in (3, 1, None, 5)}
    path = f"products/{product.pk}/reviews/"

    assert ids(client, path) == [made[5], made[None], made[1], made[3]]
    assert ids(client, f"{path}?ordering=created_at") == [made[3], made[1], made[None], made[5]]
    assert ids(client, f"{path}?ordering=-rating") == [made[5], made[3], made[1], made[None]]
    assert ids(client, f"{path}?ordering=rating") == [made[None], made[1], made[3], made[5]]
    assert ids(client, f"{path}?rating=3") == [made[3]]


@pytest.mark.parametrize("ordering", ["created_at", "-created_at", "rating", "-rating"])
def test_a_walk_by_cursor_meets_each_once(client, product, rules, ordering):
    rules(RATING_REQUIRED=False)
    made = {make_review(product, rating=stars).pk for stars in (1, None, 5, 5, None, 1)}
    found, path = [], f"{API}products/{product.pk}/reviews/?ordering={ordering}&page_size=2&cursor="
    while path:
        page = client.get(path).json()
        found += [one["id"] for one in page["results"]]
        path = page["next"]

    assert (len(found), set(found)) == (6, made)


def test_a_page_of_any_length_takes_the_same_statements(
    client, as_user, as_staff, product, statements
):
    for count in (1, 12):
        while Review.objects.count() < count:
            make_review(product)
        with statements(2):  # the product, its reviews with their authors
            ids(client, f"products/{product.pk}/reviews/")
        with statements(1):
            ids(as_user, "reviews/")
        with statements(1):
            ids(as_staff, "reviews/")


@pytest.mark.parametrize("moderation", ["none", "new_authors", "all"])
def test_writing_takes_so_many_statements(as_user, product, rules, statements, moderation):
    rules(MODERATION=moderation)
    with statements(13):
        pk = post(as_user, product, rating=5, text="Fine").json()["id"]
    with statements(10):
        as_user.patch(f"{API}reviews/{pk}/", {"rating": 4}, format="json")
    with statements(9):
        as_user.delete(f"{API}reviews/{pk}/")


# Names.


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "Berdaq A."),
        ({"last_name": ""}, "Berdaq"),
        ({"first_name": "Айгүл", "last_name": "Ұзақова"}, "Айгүл Ұ."),
        ({"first_name": ""}, "Customer"),
        ({"first_name": "berdaq@example.com"}, "Customer"),
        ({"first_name": "berdaq\N{FULLWIDTH COMMERCIAL AT}example.com"}, "Customer"),
        ({"first_name": "+998 90 123-45-67"}, "Customer"),
        ({"first_name": "٩٩٨٩٠١٢٣"}, "Customer"),
        ({"first_name": "@berdaq"}, "Customer"),
        ({"first_name": "Ann\u202eevil\n"}, "Ann evil A."),
        ({"first_name": "John 3"}, "John 3 A."),
    ],
)
def test_a_name_reaches_nobody(client, product, fields, name):
    make_review(product, user=make_author(**fields))

    [shown] = client.get(f"{API}products/{product.pk}/reviews/").json()["results"]

    assert shown["author"] == name


def user_name(user):
    """A site's own way of naming people."""
    return user.username


@pytest.mark.parametrize(
    ("username", "name"),
    [("berdaq", "berdaq"), ("berdaq@example.com", "Customer"), ("998901234567", "Customer")],
)
def test_a_site_names_people_its_own_way_and_leaks_no_address(
    client, product, rules, username, name
):
    rules(AUTHOR_NAME="tests.reviews.test_lists.user_name")
    make_review(product, user=make_author(username=username))

    [shown] = client.get(f"{API}reviews/").json()["results"]

    assert shown["author"] == name
