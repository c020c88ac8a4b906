"""What authors do over HTTP: write, change, delete; and what the product's rating makes of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from rest_framework.test import APIClient

from shopkit.catalog.models import Product
from shopkit.catalog.testing import make_variant
from shopkit.reviews.models import Review, Withdrawal
from shopkit.reviews.services import Words, create_review, forget_withdrawals, moderate_review
from shopkit.reviews.testing import make_author, make_review

from .conftest import API, post, rating_of, signed_in

pytestmark = pytest.mark.django_db
HERE = "tests.reviews.conftest"


def test_a_review_has_the_shape_of_the_contract(as_user, product):
    answer = post(as_user, product, rating=5, title="Fine", text="I like it.")

    assert answer.status_code == 201
    body = answer.json()
    assert {name: body[name] for name in body if not name.endswith("_at")} == {
        "id": Review.objects.get().pk,
        "product": product.pk,
        "author": "Anna K.",
        "rating": 5,
        "title": "Fine",
        "text": "I like it.",
        "verified": False,
        "status": "published",
    }
    assert body["created_at"].endswith("Z")
    assert body["created_at"] == body["updated_at"]
    assert as_user.get(f"{API}reviews/{body['id']}/").json() == body


def test_the_product_is_named_by_id_or_slug_or_in_the_body(as_user, product, as_other):
    by_slug = as_user.post(f"{API}products/{product.slug}/reviews/", {"rating": 4}, format="json")
    in_body = as_other.post(f"{API}reviews/", {"product": product.pk, "rating": 2}, format="json")

    assert [by_slug.status_code, in_body.status_code] == [201, 201]
    assert rating_of(product) == (2, 6, 300)


def test_nobody_writes_without_signing_in(client, product):
    answer = post(client, product, rating=5)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({"text": "Fine"}, "rating", "required"),
        ({"rating": None, "text": "Fine"}, "rating", "required"),
        ({"rating": 0}, "rating", "min_value"),
        ({"rating": 6}, "rating", "max_value"),
        ({"rating": -(10**30)}, "rating", "min_value"),
        ({"rating": 4.5}, "rating", "invalid"),
        ({"rating": True}, "rating", "invalid"),
        ({"rating": "five"}, "rating", "invalid"),
        ({"rating": [5]}, "rating", "invalid"),
        ({"rating": 5, "title": "x" * 151}, "title", "max_length"),
        ({"rating": 5, "text": "x" * 5001}, "text", "max_length"),
        ({"rating": 5, "text": "x" * 20_000}, "text", "max_length"),
        ({"rating": 5, "text": {"a": 1}}, "text", "invalid"),
        ({"rating": 5, "title": None}, "title", "null"),
    ],
)
def test_what_is_no_review_is_refused(as_user, product, body, attr, code):
    answer = post(as_user, product, **body)

    assert answer.status_code == 400, answer.content
    assert [(one["attr"], one["code"]) for one in answer.json()["errors"]] == [(attr, code)]
    assert not Review.objects.exists()
    assert rating_of(product) == (0, 0, 0)


@pytest.mark.parametrize("text", ["a\x00b", "\ud83d"])
def test_what_no_database_takes_is_no_text(as_user, user, product, text):
    assert post(as_user, product, rating=5, text=text).status_code == 400
    with pytest.raises(ValidationError) as refused:
        create_review(product, user=user, words=Words(rating=5, text=text))
    assert list(refused.value.error_dict) == ["text"]


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_out_of_range_is_refused_by_service_and_database(user, product, rating):
    with pytest.raises(ValidationError):
        create_review(product, user=user, words=Words(rating=rating))
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(product=product, user=user, rating=rating, status="published")


@pytest.mark.parametrize(
    "columns",
    [
        {"rating": None},  # says nothing
        {"rating": 5, "status": "lost"},
        {"rating": 5, "status": "rejected"},  # by nobody, never
    ],
)
def test_rows_that_cannot_be_are_refused_by_the_database(user, product, columns):
    given = {"status": "published", **columns}
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(product=product, user=user, **given)


def test_a_second_rated_row_is_refused_by_the_database(user, product):
    make_review(product, user=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(product=product, user=user, rating=1, status="published")


def test_what_is_not_on_sale_cannot_be_reviewed(as_user, as_staff, product):
    Product.objects.update(is_active=False)

    for client in (as_user, as_staff):
        assert post(client, product, rating=5).status_code == 404
    body = {"product": product.pk, "rating": 5}
    assert as_user.post(f"{API}reviews/", body, format="json").status_code == 404
    body = {"product": 2**63 - 1, "rating": 5}
    assert as_user.post(f"{API}reviews/", body, format="json").status_code == 404


def test_a_second_rated_review_is_409_and_names_the_first(as_user, product):
    first = post(as_user, product, rating=5).json()["id"]

    second = post(as_user, product, rating=1)

    assert second.status_code == 409
    assert (second.json()["code"], second.json()["review_id"]) == ("already_reviewed", first)
    assert rating_of(product) == (1, 5, 500)


def test_nothing_but_words_can_be_written(as_user, product, other, rules):
    rules(MODERATION="all")
    body = {
        "rating": 5, "status": "published", "verified": True, "user": other.pk, "author": "Boss",
        "moderated_by": other.pk, "reason": "mine", "product": 99, "id": 77,
        "created_at": "2001-01-01T00:00:00Z",
    }  # fmt: skip

    made = post(as_user, product, **body).json()
    changed = as_user.patch(f"{API}reviews/{made['id']}/", {**body, "rating": 4}, format="json")

    for answer in (made, changed.json()):
        assert (answer["status"], answer["verified"], answer["author"]) == (
            "pending", False, "Anna K.",
        )  # fmt: skip
        assert (answer["product"], answer["created_at"][:2]) == (product.pk, "20")
    row = Review.objects.get()
    assert (row.user.username, row.moderated_by, row.reason) == ("anna", None, "")
    assert row.created_at.year > 2001


def test_text_is_kept_as_it_is_and_a_title_is_one_line(as_user, product):
    text = "<script>alert('1')</script> & {{ 7*7 }}\r\nЖақсы 🙂  "

    body = post(as_user, product, rating=5, title=" So \n good ", text=text).json()

    assert body["text"] == "<script>alert('1')</script> & {{ 7*7 }}\nЖақсы 🙂"
    assert body["title"] == "So good"


def test_the_rating_follows_every_change(as_user, as_other, product):
    make_review(product, rating=5)
    mine = post(as_user, product, rating=4).json()["id"]
    assert rating_of(product) == (2, 9, 450)

    as_user.patch(f"{API}reviews/{mine}/", {"rating": 3}, format="json")
    assert rating_of(product) == (2, 8, 400)

    as_user.put(f"{API}reviews/{mine}/", {"rating": 2, "text": "Broke."}, format="json")
    assert rating_of(product) == (2, 7, 350)

    assert as_user.delete(f"{API}reviews/{mine}/").status_code == 204
    assert rating_of(product) == (1, 5, 500)
    assert as_user.get(f"{API}reviews/{mine}/").status_code == 404


@pytest.mark.parametrize(
    ("stars", "hundredths"),
    [
        ((1, 1, 2), 133),  # 1.333
        ((1, 2, 2), 167),  # 1.666
        ((4, 4, 4, 4, 4, 4, 4, 5), 413),  # 4.125, half up
        ((5, 5, 5, 5, 5, 5, 5, 4), 488),  # 4.875, half up
    ],
)
def test_the_average_is_rounded_half_up_to_hundredths(client, product, stars, hundredths):
    for rating in stars:
        make_review(product, rating=rating)

    assert rating_of(product) == (len(stars), sum(stars), hundredths)
    shown = client.get(f"{API}products/{product.pk}/").json()["rating"]
    assert shown == {"average": hundredths / 100, "count": len(stars)}


def test_cards_are_ordered_and_narrowed_by_what_customers_say(client, product):
    better = make_variant(sku="PLATE").product
    make_review(product, rating=3)
    make_review(better, rating=5)

    ordered = client.get(f"{API}products/?ordering=-rating").json()["results"]
    narrowed = client.get(f"{API}products/?min_rating=4").json()["results"]

    assert [card["id"] for card in ordered] == [better.pk, product.pk]
    assert [card["id"] for card in narrowed] == [better.pk]


def test_changing_nothing_changes_nothing(as_user, product, rules):
    pk = post(as_user, product, rating=5, text="Fine").json()["id"]
    before = as_user.get(f"{API}reviews/{pk}/").json()
    rules(MODERATION="all")

    for body in ({}, {"rating": 5}, {"text": " Fine "}, {"product": 99}):
        answer = as_user.patch(f"{API}reviews/{pk}/", body, format="json")
        assert (answer.status_code, answer.json()) == (200, before)


def test_an_edit_is_dated_and_keeps_what_it_does_not_name(as_user, product):
    made = post(as_user, product, rating=5, title="T", text="Fine").json()

    changed = as_user.patch(f"{API}reviews/{made['id']}/", {"rating": 4}, format="json").json()

    assert (changed["title"], changed["text"], changed["rating"]) == ("T", "Fine", 4)
    assert changed["created_at"] == made["created_at"]
    assert changed["updated_at"] > made["updated_at"]


def test_put_empties_what_it_leaves_out(as_user, product):
    pk = post(as_user, product, rating=5, title="T", text="Fine").json()["id"]

    changed = as_user.put(f"{API}reviews/{pk}/", {"rating": 4}, format="json")
    refused = as_user.put(f"{API}reviews/{pk}/", {"text": "x"}, format="json")

    assert (changed.json()["title"], changed.json()["text"]) == ("", "")
    assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, "rating")


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_a_foreign_review_can_be_read_and_not_written(as_user, as_other, product, method):
    pk = post(as_user, product, rating=5).json()["id"]

    assert as_other.get(f"{API}reviews/{pk}/").status_code == 200
    refused = getattr(as_other, method)(f"{API}reviews/{pk}/", {"rating": 1}, format="json")

    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert rating_of(product) == (1, 5, 500)


@pytest.mark.parametrize("method", ["get", "patch", "put", "delete"])
@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_a_foreign_review_that_is_not_published_is_not_there(
    as_user, product, rules, method, status
):
    rules(MODERATION="all")
    path = f"{API}reviews/{make_review(product, status=status).pk}/"

    for caller in (as_user, *([APIClient()] if method == "get" else [])):
        answer = getattr(caller, method)(path, {"rating": 1}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("pk", [0, 99999, 2**63, 10**30])
@pytest.mark.parametrize("method", ["get", "patch", "put", "delete"])
def test_a_review_that_is_none_is_404(as_user, method, pk):
    answer = getattr(as_user, method)(f"{API}reviews/{pk}/", {"rating": 5}, format="json")

    assert answer.status_code == 404


def test_a_hidden_product_hides_its_reviews_but_to_author_and_staff(
    client, as_user, as_other, as_staff, product
):
    pk = post(as_user, product, rating=5).json()["id"]
    Product.objects.update(is_active=False)

    assert client.get(f"{API}reviews/{pk}/").status_code == 404
    assert as_other.get(f"{API}reviews/").json()["count"] == 0
    assert client.get(f"{API}products/{product.pk}/reviews/").status_code == 404
    assert as_user.get(f"{API}reviews/{pk}/").status_code == 200
    assert as_staff.get(f"{API}products/{product.pk}/reviews/").json()["count"] == 1
    assert as_user.delete(f"{API}reviews/{pk}/").status_code == 204


# Comments without a rating.


@pytest.fixture
def comments(rules):
    rules(RATING_REQUIRED=False, CAN_REVIEW=f"{HERE}.nobody")


@pytest.mark.usefixtures("comments")
def test_comments_need_no_purchase_may_be_repeated_and_do_not_count(as_user, product):
    made = [post(as_user, product, text=f"Note {number}") for number in range(3)]

    assert [one.status_code for one in made] == [201] * 3
    assert {one.json()["rating"] for one in made} == {None}
    assert rating_of(product) == (0, 0, 0)
    refused = post(as_user, product, rating=5)
    assert (refused.status_code, refused.json()["code"]) == (403, "purchase_required")


@pytest.mark.usefixtures("comments")
@pytest.mark.parametrize("body", [{}, {"title": "T"}, {"text": "  "}, {"rating": None}])
def test_a_comment_says_something(as_user, product, body):
    answer = post(as_user, product, **body)

    assert answer.status_code == 400
    assert [(one["attr"], one["code"]) for one in answer.json()["errors"]] == [("text", "required")]


@pytest.mark.usefixtures("comments")
def test_a_comment_that_becomes_a_rating_is_asked_about(as_user, product, rules):
    pk = post(as_user, product, text="Note").json()["id"]

    refused = as_user.patch(f"{API}reviews/{pk}/", {"rating": 5}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "purchase_required")

    rules(CAN_REVIEW=f"{HERE}.everybody", VERIFIED=f"{HERE}.everybody")
    allowed = as_user.patch(f"{API}reviews/{pk}/", {"rating": 5}, format="json").json()
    assert (allowed["rating"], allowed["verified"]) == (5, True)
    assert rating_of(product) == (1, 5, 500)

    other = post(as_user, product, text="Another").json()["id"]
    second = as_user.patch(f"{API}reviews/{other}/", {"rating": 1}, format="json")
    assert (second.status_code, second.json()["code"]) == (409, "already_reviewed")

    back = as_user.patch(f"{API}reviews/{pk}/", {"rating": None}, format="json")
    assert back.json()["rating"] is None
    assert rating_of(product) == (0, 0, 0)


# How much one user writes.


def test_a_flood_is_429_and_says_when_to_come_back(as_user, user, as_other, product, rules):
    rules(RATING_REQUIRED=False, PER_USER=("3/hour", "10/day"))
    codes = [post(as_user, product, text="Buy here").status_code for _ in range(3)]

    refused = post(as_user, product, text="Buy here")

    assert codes == [201] * 3
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert post(as_other, product, text="Hello").status_code == 201
    Review.objects.filter(user=user).first().delete()
    assert post(as_user, product, text="Hello").status_code == 201


def test_who_writes_and_deletes_in_turns_has_no_further_budget(as_user, as_staff, product, rules):
    rules(RATING_REQUIRED=False, PER_USER=("3/hour",))
    for delete_as in (as_user, as_user, as_staff):
        pk = post(as_user, product, text="Buy here").json()["id"]
        assert delete_as.delete(f"{API}reviews/{pk}/").status_code == 204

    # What staff took away is their doing; the other two count.
    assert post(as_user, product, text="Buy here").status_code == 201
    refused = post(as_user, product, text="Buy here")

    assert refused.status_code == 429
    assert 3500 < int(refused["Retry-After"]) <= 3600


@pytest.mark.parametrize("mode", ["none", "new_authors"])
def test_what_was_rejected_is_not_published_by_writing_it_again(
    as_user, as_other, staff, product, rules, mode
):
    rules(RATING_REQUIRED=False, MODERATION="none")
    post(as_user, product, text="I am known here")
    pk = post(as_user, product, text="Buy elsewhere").json()["id"]
    rules(RATING_REQUIRED=False, MODERATION=mode)
    moderate_review(pk, status="rejected", actor=staff, reason="Advertising")
    as_user.delete(f"{API}reviews/{pk}/")

    assert post(as_user, product, text="Buy elsewhere").json()["status"] == "pending"
    assert post(as_other, product, text="Nice").json()["status"] == (
        "published" if mode == "none" else "pending"
    )
    Withdrawal.objects.update(withdrawn_at=Now() - timedelta(days=31))
    assert forget_withdrawals() == 1
    assert post(as_user, product, text="A month later").json()["status"] == "published"


def test_a_site_may_lift_the_budget(as_user, product, rules):
    rules(RATING_REQUIRED=False, PER_USER=())

    assert {post(as_user, product, text="Hi").status_code for _ in range(12)} == {201}


def test_a_shorter_text_may_be_asked_for(as_user, product, rules):
    rules(MAX_TEXT=10)

    answer = post(as_user, product, rating=5, text="x" * 11)

    assert answer.json()["errors"][0]["code"] == "max_length"
    assert post(as_user, product, rating=5, text="x" * 10).status_code == 201


# Who leaves.


def test_a_user_takes_his_reviews_and_likes_along(as_user, user, product):
    plate = make_variant(sku="PLATE").product
    make_review(product, rating=1)
    for each in (product, plate):
        post(as_user, each, rating=5)
        as_user.put(f"{API}products/{each.pk}/like/")

    user.delete()

    assert (rating_of(product), rating_of(plate)) == ((1, 1, 100), (0, 0, 0))
    assert set(Product.objects.values_list("likes_count", flat=True)) == {0}
    assert Review.objects.count() == 1


def test_many_users_deleted_by_a_query_are_followed_too(product):
    authors = [make_author() for _ in range(3)]
    for author in authors:
        make_review(product, user=author, rating=2)
    make_review(product, rating=4)

    type(authors[0]).objects.filter(pk__in=[one.pk for one in authors]).delete()

    assert rating_of(product) == (1, 4, 400)


def test_who_decided_may_leave_without_the_review(staff, product):
    review = make_review(product)
    Review.objects.update(moderated_by=staff)

    staff.delete()

    review.refresh_from_db()
    assert (review.moderated_by, review.status) == (None, "published")


def test_a_user_who_is_gone_writes_nothing(product):
    author = make_author()
    type(author).objects.filter(pk=author.pk).delete()

    answer = post(signed_in(author), product, rating=5)

    assert answer.status_code == 401
    assert signed_in(author).put(f"{API}products/{product.pk}/like/").status_code == 401
