"""Who is told of reviews: staff of what waits, authors of what staff decided."""

import pytest
from django.core import mail

from shopkit.catalog.testing import make_variant
from shopkit.core.facts import deliver_all
from shopkit.notifications.models import Event, Notification
from shopkit.notifications.services.reviews import tell_decided, tell_waiting
from shopkit.reviews.services import (
    Words,
    create_review,
    delete_review,
    moderate_review,
    update_review,
)

from .conftest import STAFF_CHAT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def product(db):
    return make_variant().product


@pytest.fixture
def review(product, user, settings, configure):
    """A review that waits, with staff who are told of it."""
    settings.SHOPKIT = {**settings.SHOPKIT, "REVIEWS": {"MODERATION": "all"}}
    configure(STAFF_CHAT_ID=STAFF_CHAT, STAFF_EMAILS=["boss@example.com"])
    words = Words(rating=4, text="<b>Call +998901234567</b>")
    return create_review(product, user=user, words=words)


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def test_staff_are_told_that_a_review_waits_and_not_what_it_says(review, product, chats):
    [letter] = mail.outbox
    [message] = [one["text"] for one in chats if one["chat_id"] == STAFF_CHAT]

    assert letter.subject == f"A review waits: {product.name}"
    for told in (letter.body, message):
        assert "Rating: ★★★★" in told
        assert "998" not in told


def test_staff_are_told_once_however_often_it_is_changed(review):
    update_review(review.pk, changes={"rating": 3})
    tell_waiting(review.pk)

    assert kinds() == ["staff_review_waiting"]


def test_what_was_decided_by_now_is_not_told_as_waiting(review, settings, user):
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}
    other = make_variant().product
    second = create_review(other, user=user, words=Words(rating=1))
    third = create_review(make_variant().product, user=user, words=Words(rating=1))
    moderate_review(second.pk, status="published")
    delete_review(third.pk)
    deliver_all()

    assert kinds() == ["staff_review_waiting", "review_published"]


@pytest.mark.parametrize(
    ("status", "title"), [("published", "is published"), ("rejected", "is not published")]
)
def test_the_author_finds_the_decision_in_the_inbox(review, user, as_user, product, status, title):
    moderate_review(review.pk, status=status, reason="Numbers of phones are not for everybody")

    [row] = as_user.get("/api/v1/notifications/").json()["results"]
    assert row["kind"] == f"review_{status}"
    assert row["title"] == f"Your review of {product.name} {title}"
    assert "phones" not in row["text"]
    assert [one for one in mail.outbox if user.email in one.to] == []


def test_every_decision_is_told_once(review, user):
    for status in ("published", "rejected", "rejected", "published"):
        moderate_review(review.pk, status=status)
        tell_decided(review.pk)

    assert kinds() == [
        "staff_review_waiting", "review_published", "review_rejected", "review_published",
    ]  # fmt: skip
    assert Notification.objects.filter(user=user).count() == 3


def test_what_is_published_by_itself_is_no_news(product, user, configure):
    configure(STAFF_CHAT_ID=STAFF_CHAT)
    review = create_review(product, user=user, words=Words(rating=5))
    update_review(review.pk, changes={"rating": 4})
    tell_decided(10**9)

    assert kinds() == []


def test_nobody_is_told_who_was_switched_off(review, user):
    user.is_active = False
    user.save()

    moderate_review(review.pk, status="published")

    assert kinds() == ["staff_review_waiting"]
