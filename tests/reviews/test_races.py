"""Reviews under many hands at once. Each promise is seen broken by a naive variant first."""

import random
import time
from collections import Counter

import pytest
from django.db import connection
from django.db.models import Count, Sum
from django.db.models.signals import pre_delete
from rest_framework.test import APIClient

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_variant
from shopkit.core.errors import NotSignedIn
from shopkit.core.testing import assert_books_balance
from shopkit.reviews import receivers
from shopkit.reviews.models import Like, Review
from shopkit.reviews.services import (
    Words,
    create_review,
    delete_review,
    like,
    moderate_review,
    tallies,
    unlike,
    update_review,
    writing,
)
from shopkit.reviews.services import likes as like_services
from shopkit.reviews.testing import make_author, make_review
from tests.threads import at_once, kinds

from .conftest import post, rating_of, signed_in

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ON_POSTGRES = connection.vendor == "postgresql"
WRITES = 200


@pytest.fixture(autouse=True)
def quiet(settings):
    """Nobody is told while threads race."""
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}


@pytest.fixture
def product(transactional_db):
    return make_variant(sku="CUP").product


def right(product):
    """Return (number, sum, average) worked out from the rows alone."""
    counted = Review.objects.filter(product=product, status="published", rating__isnull=False)
    found = counted.order_by().aggregate(count=Count("pk"), total=Sum("rating"))
    count, total = found["count"], found["total"] or 0
    return count, total, (200 * total + count) // (2 * count) if count else 0


def mixed_writes(product):
    """Two hundred writers of one product: new reviews, edits, deletions and decisions."""
    chance = random.Random(20261126)
    standing = [make_review(product, rating=chance.randint(1, 5)) for _ in range(60)]
    authors = [make_author() for _ in range(WRITES)]

    def one(number):
        review = chance.choice(standing)
        stars, author = chance.randint(1, 5), authors[number]
        return chance.choice(
            [
                lambda: create_review(product, user=author, words=Words(rating=stars)),
                lambda: update_review(review.pk, changes={"rating": stars}),
                lambda: moderate_review(review.pk, status="rejected"),
                lambda: moderate_review(review.pk, status="published"),
                lambda: delete_review(review.pk),
            ]
        )

    return [one(number) for number in range(WRITES)]


def test_two_hundred_writes_at_once_keep_number_sum_and_average_exact(product):
    outcomes = kinds(at_once(mixed_writes(product)))

    # What another one has just deleted is not there; nothing else goes wrong.
    assert outcomes.keys() <= {"ok", "DoesNotExist"}
    assert outcomes["ok"] > WRITES / 2
    assert rating_of(product) == right(product)
    assert right(product)[0] > 20
    assert_books_balance()


def add_by_reading_and_writing(pk, *, count, total):
    """The naive form: what another one adds between the two statements is lost."""
    row = Product.objects.get(pk=pk)
    time.sleep(0.005)
    row.rating_count, row.rating_sum = row.rating_count + count, row.rating_sum + total
    row.rating_avg = round(100 * row.rating_sum / row.rating_count) if row.rating_count else 0
    row.save(update_fields=["rating_count", "rating_sum", "rating_avg"])


def hold_nothing(products):
    """The naive form: the product's row is not held."""
    return list(products)


@pytest.mark.postgres
def test_the_naive_sum_loses_reviews(product, monkeypatch):
    monkeypatch.setattr(tallies, "change_rating", add_by_reading_and_writing)
    monkeypatch.setattr(tallies, "lock_products", hold_nothing)

    at_once(mixed_writes(product))

    assert rating_of(product) != right(product)


@pytest.mark.postgres
def test_adding_without_holding_the_product_counts_one_review_twice(product, monkeypatch):
    """An exact sum is not enough: the review that it follows must stand still as well."""
    monkeypatch.setattr(tallies, "lock_products", hold_nothing)
    follow = tallies.follow
    monkeypatch.setattr(
        writing, "follow", lambda *given, **changes: (time.sleep(0.02), follow(*given, **changes))
    )
    review, *_others = [make_review(product, rating=5) for _ in range(9)]

    at_once([lambda: delete_review(review.pk)] * 8)

    assert right(product) == (8, 40, 500)
    assert rating_of(product)[0] < 8


def test_of_deletions_of_one_review_one_counts(product):
    make_review(product, rating=1)
    review = make_review(product, rating=5)

    outcomes = at_once([lambda: delete_review(review.pk)] * 8)

    assert kinds(outcomes) == {"ok": 1, "DoesNotExist": 7}
    assert rating_of(product) == (1, 1, 100)


def first_reviews_over_http(product):
    """One user, eight tabs."""
    user = make_author()
    answers = at_once([lambda: post(signed_in(user), product, rating=5).status_code] * 8)
    return Counter(answers)


def test_of_first_reviews_of_one_user_one_is_201_and_the_others_409(product):
    assert first_reviews_over_http(product) == {201: 1, 409: 7}
    assert rating_of(product) == (1, 5, 500)


@pytest.mark.postgres
def test_without_the_locks_only_the_database_keeps_a_second_one_out(product, monkeypatch):
    monkeypatch.setattr(tallies, "lock_products", hold_nothing)
    monkeypatch.setattr(writing, "lock_author", lambda user: None)
    monkeypatch.setattr(writing, "lock_product", lambda product: None)
    monkeypatch.setattr(writing, "first_status", lambda user: time.sleep(0.05) or "published")
    user = make_author()
    words = Words(rating=5)

    outcomes = at_once([lambda: create_review(product, user=user, words=words)] * 8)

    assert kinds(outcomes) == {"ok": 1, "IntegrityError": 7}
    assert rating_of(product) == (1, 5, 500)


def test_a_budget_of_three_lets_three_of_ten_at_once_through(product, settings):
    rules = {"RATING_REQUIRED": False, "PER_USER": ("3/hour",)}
    settings.SHOPKIT = {**settings.SHOPKIT, "REVIEWS": rules}
    user = make_author()

    outcomes = at_once(
        [lambda: create_review(product, user=user, words=Words(text="Buy here"))] * 10
    )

    assert kinds(outcomes) == {"ok": 3, "TooManyReviews": 7}


@pytest.mark.postgres
def test_the_naive_budget_lets_more_through(product, settings, monkeypatch):
    rules = {"RATING_REQUIRED": False, "PER_USER": ("3/hour",)}
    settings.SHOPKIT = {**settings.SHOPKIT, "REVIEWS": rules}
    monkeypatch.setattr(writing, "lock_author", lambda user: None)
    monkeypatch.setattr(writing, "lock_product", lambda product: time.sleep(0.05))
    user = make_author()

    outcomes = at_once(
        [lambda: create_review(product, user=user, words=Words(text="Buy here"))] * 10
    )

    assert kinds(outcomes)["ok"] > 3


def test_liking_and_ending_it_at_once_counts_what_stands(product):
    users = [make_author() for _ in range(10)]
    calls = [lambda user=user: like(product.pk, user=user) for user in users for _ in range(3)]
    calls += [lambda user=user: unlike(product.pk, user=user) for user in users[:5]]

    assert kinds(at_once(calls)) == {"ok": 35}

    product.refresh_from_db()
    assert product.likes_count == Like.objects.count() >= 5


@pytest.mark.postgres
def test_the_naive_like_is_counted_more_than_once(product, monkeypatch):
    def look_then_write(row):
        time.sleep(0.02)
        Like.objects.bulk_create([row], ignore_conflicts=True)
        return True

    monkeypatch.setattr(like_services, "insert_if_new", look_then_write)
    monkeypatch.setattr(like_services, "lock_author", lambda user: None)
    user = make_author()

    at_once([lambda: like(product.pk, user=user)] * 6)

    product.refresh_from_db()
    assert product.likes_count > Like.objects.count() == 1


def test_users_who_leave_while_they_write_leave_nothing_behind(product):
    users = [make_author() for _ in range(8)]
    plate = make_variant(sku="PLATE").product
    for user in users:
        make_review(plate, user=user)
    calls = []
    for user in users:
        calls += [
            lambda user=user: create_review(product, user=user, words=Words(rating=5)),
            lambda user=user: like(product.pk, user=user),
            lambda user=user: type(user).objects.get(pk=user.pk).delete(),
        ]

    outcomes = at_once(calls)

    assert [one for one in outcomes if isinstance(one, Exception)] == [
        one for one in outcomes if isinstance(one, NotSignedIn)
    ]
    assert not Review.objects.exists()
    assert rating_of(product) == rating_of(plate) == (0, 0, 0)
    assert_books_balance()


@pytest.mark.postgres
def test_without_the_receiver_a_leaving_user_takes_reviews_and_leaves_their_stars(product):
    assert pre_delete.disconnect(dispatch_uid="shopkit.reviews", sender=type(make_author()))
    try:
        review = make_review(product)
        review.user.delete()
        assert rating_of(product) == (1, 5, 500)
        assert not Review.objects.exists()
    finally:
        receivers.connect()


@pytest.mark.postgres
def test_authors_of_many_products_and_users_who_leave_cannot_deadlock(product):
    products = [product, *(make_variant().product for _ in range(4))]
    users = [make_author() for _ in range(6)]
    reviews = {
        user.pk: [make_review(each, user=user, rating=3) for each in products] for user in users
    }
    calls = [lambda user=user: type(user).objects.get(pk=user.pk).delete() for user in users[:3]]
    for user in users:
        calls += [
            lambda review=review: update_review(review.pk, changes={"rating": 1})
            for review in reversed(reviews[user.pk])
        ]

    outcomes = kinds(at_once(calls))

    assert outcomes.keys() <= {"ok", "DoesNotExist"}
    for each in products:
        assert rating_of(each) == right(each) == (3, 3, 100)


def test_readers_of_the_rating_never_see_half_of_a_change(product):
    """Number, sum and average are one row, written in one statement."""
    users = [make_author() for _ in range(20)]
    seen = []

    def look():
        for _ in range(20):
            shown = APIClient().get(f"/api/v1/products/{product.pk}/").json()["rating"]
            seen.append((shown["count"], shown["average"]))

    calls = [
        lambda one=one: create_review(product, user=one, words=Words(rating=4)) for one in users
    ]
    at_once([*calls, look, look])

    assert {average for count, average in seen if count} <= {4.0}
