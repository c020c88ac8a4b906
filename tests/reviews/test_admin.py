"""The queue: what staff see of reviews, and what they may do about them."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shopkit.catalog.testing import make_variant
from shopkit.reviews.models import Review
from shopkit.reviews.testing import make_author, make_review

from .conftest import rating_of

pytestmark = pytest.mark.django_db
LIST = "admin:shopkit_reviews_review_changelist"


@pytest.fixture(autouse=True)
def waits(rules):
    rules(MODERATION="all", RATING_REQUIRED=False)


def page(name="changelist", *args):
    return reverse(f"admin:shopkit_reviews_review_{name}", args=args)


def act(client, action, *rows, **more):
    chosen = {"action": action, "_selected_action": [str(one.pk) for one in rows], **more}
    return client.post(f"{page()}?status=all", chosen, follow=True)


def shown(client, query=""):
    answer = client.get(page() + query)
    assert answer.status_code == 200
    return [one.pk for one in answer.context["cl"].result_list]


def test_the_queue_comes_first_and_who_waited_longest_first_in_it(admin_client, product):
    waiting = [make_review(product, status="pending").pk for _ in range(3)]
    published = [make_review(product).pk for _ in range(2)]
    rejected = make_review(product, status="rejected").pk

    assert shown(admin_client) == waiting
    assert shown(admin_client, "?status=published") == published[::-1]
    assert shown(admin_client, "?status=rejected") == [rejected]
    assert len(shown(admin_client, "?status=all")) == 6


def test_the_queue_can_be_read_and_decided_about_on_a_phone(admin_client):
    # Without this sheet the reason leaves no room for the choice of the action.
    assert "shopkit_catalog/admin/pages.css" in admin_client.get(reverse(LIST)).content.decode()


def test_publishing_from_the_list_counts(admin_client, admin_user, product):
    reviews = [make_review(product, rating=stars, status="pending") for stars in (4, 5)]

    answer = act(admin_client, "publish", *reviews)

    assert "2 reviews are published." in answer.content.decode()
    assert rating_of(product) == (2, 9, 450)
    assert {one.moderated_by for one in Review.objects.all()} == {admin_user}


def test_rejecting_from_the_list_keeps_the_reason(admin_client, product):
    review = make_review(product)

    answer = act(admin_client, "reject", review, reason="Advertising")

    assert "1 review is rejected." in answer.content.decode()
    review.refresh_from_db()
    assert (review.status, review.reason) == ("rejected", "Advertising")
    assert rating_of(product) == (0, 0, 0)


def test_the_page_shows_everything_escaped_and_changes_no_word(admin_client, product):
    evil = "<script>alert(1)</script>\n{{ 7*7 }}"
    author = make_author(first_name="<b>Bob</b>", last_name="")
    review = make_review(product, user=author, rating=2, text=evil, status="pending")

    body = admin_client.get(page("change", review.pk)).content.decode()
    listed = admin_client.get(page()).content.decode()

    for html in (body, listed):
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "<b>Bob" not in html
    assert reverse("admin:shopkit_catalog_product_change", args=[product.pk]) in body
    assert reverse("admin:auth_user_change", args=[author.pk]) in body
    assert "★★☆☆☆" in body

    given = {"status": "published", "reason": "", "text": "Nice", "rating": 5, "verified": "on"}
    assert admin_client.post(page("change", review.pk), given).status_code == 302

    review.refresh_from_db()
    assert (review.text, review.rating, review.verified) == (evil, 2, False)
    assert (review.status, rating_of(product)) == ("published", (1, 2, 200))


def test_a_decision_can_be_turned_round_on_the_page(admin_client, product):
    review = make_review(product, rating=5)

    admin_client.post(page("change", review.pk), {"status": "rejected", "reason": "Spam"})

    review.refresh_from_db()
    assert (review.status, review.reason, rating_of(product)) == ("rejected", "Spam", (0, 0, 0))


@pytest.mark.parametrize("words", ["Spam of a competitor", ""])
def test_the_reason_of_a_decision_can_be_put_right(admin_client, product, words):
    review = make_review(product, rating=5)
    decision = {"status": "rejected", "reason": "Spma"}
    admin_client.post(page("change", review.pk), decision)

    admin_client.post(page("change", review.pk), {**decision, "reason": words})

    review.refresh_from_db()
    assert (review.status, review.reason, rating_of(product)) == ("rejected", words, (0, 0, 0))


@pytest.mark.parametrize("status", ["pending", ""])
def test_waiting_is_no_decision_and_a_mere_save_makes_none(admin_client, product, status):
    review = make_review(product, status="pending")

    answer = admin_client.post(page("change", review.pk), {"status": status, "reason": ""})

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() == {"status"}
    review.refresh_from_db()
    assert review.status == "pending"


@pytest.mark.parametrize("name", ["change", "delete"])
def test_what_somebody_else_has_deleted_meanwhile_is_said(admin_client, product, monkeypatch, name):
    review = make_review(product)
    does = {"change": "moderate_review", "delete": "delete_review"}[name]

    def too_late(pk, **_):
        raise Review.DoesNotExist

    monkeypatch.setattr(f"shopkit.reviews.admin.{does}", too_late)
    given = {"status": "rejected", "reason": "", "post": "yes"}
    answer = admin_client.post(page(name, review.pk), given, follow=True)

    assert "Somebody else has deleted this meanwhile." in answer.content.decode()


def test_deleting_in_the_admin_counts_one_by_one_and_together(admin_client, product):
    one, *more = [make_review(product, rating=stars) for stars in (5, 4, 3, 2)]

    admin_client.post(page("delete", one.pk), {"post": "yes"})
    act(admin_client, "delete_selected", *more[:2], post="yes")

    assert rating_of(product) == (1, 2, 200)


def test_nobody_writes_in_anothers_name(admin_client):
    assert admin_client.get(page("add")).status_code == 403


@pytest.mark.parametrize(
    ("permissions", "sees", "acts"),
    [
        ((), 403, None),
        (("view_review",), 200, False),
        (("view_review", "change_review"), 200, True),
    ],
)
def test_permissions_decide_who_decides(product, permissions, sees, acts):
    user = make_author(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    review = make_review(product, status="pending")

    answer = client.get(page())
    assert answer.status_code == sees
    if acts is not None:
        assert (b'value="publish"' in answer.content) is acts
        act(client, "publish", review)
        review.refresh_from_db()
        assert review.status == ("published" if acts else "pending")


@pytest.mark.parametrize("query", ["", "?status=all", "?q=good", "?rating__exact=5", "?status=x"])
def test_every_view_of_the_list_opens(admin_client, product, query):
    make_review(product)

    assert admin_client.get(page() + query).status_code == 200


def test_the_list_asks_no_question_per_row(admin_client, product):
    counts = []
    for number in (2, 20):
        while Review.objects.count() < number:
            make_review(make_variant().product, status="pending")
        admin_client.get(page())
        with CaptureQueriesContext(connection) as asked:
            admin_client.get(page())
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 9


def test_deleting_a_user_in_the_admin_takes_the_stars_along(admin_client, product):
    review = make_review(product)
    url = reverse("admin:auth_user_delete", args=[review.user_id])

    assert admin_client.post(url, {"post": "yes"}).status_code == 302

    assert rating_of(product) == (0, 0, 0)
