"""Who may rate, who is a buyer, and what waits for staff."""

import pytest
from django.contrib.auth.models import Permission

from shopkit.reviews import facts
from shopkit.reviews.models import Review
from shopkit.reviews.services import moderate_review
from shopkit.reviews.testing import make_author, make_review

from .conftest import API, post, rating_of, signed_in

pytestmark = pytest.mark.django_db
HERE = "tests.reviews.conftest"


def decide(client, pk, status, **body):
    return client.patch(f"{API}reviews/{pk}/", {"status": status, **body}, format="json")


@pytest.fixture
def told(monkeypatch):
    """What was announced, in order."""
    found = []
    for fact in (facts.review_submitted, facts.review_published, facts.review_rejected):
        monkeypatch.setattr(
            fact, "announce", lambda fact=fact, **ids: found.append((fact.name, ids["review_id"]))
        )
    return found


def test_everything_may_wait_for_staff(as_user, as_staff, staff, product, rules, told):
    rules(MODERATION="all")
    made = post(as_user, product, rating=5).json()
    pk = made["id"]
    assert (made["status"], rating_of(product)) == ("pending", (0, 0, 0))

    published = decide(as_staff, pk, "published")
    assert (published.status_code, published.json()["status"]) == (200, "published")
    assert rating_of(product) == (1, 5, 500)

    rejected = decide(as_staff, pk, "rejected", reason="Advertising")
    assert (rejected.status_code, rejected.json()["status"]) == (200, "rejected")
    assert "reason" not in rejected.json()
    assert rating_of(product) == (0, 0, 0)
    row = Review.objects.get()
    assert (row.reason, row.moderated_by, row.moderated_at is not None) == (
        "Advertising", staff, True,
    )  # fmt: skip
    assert told == [
        ("review.submitted", pk), ("review.published", pk), ("review.rejected", pk),
    ]  # fmt: skip


def test_deciding_the_same_again_changes_nothing(as_staff, product, told):
    review = make_review(product)
    told.clear()

    assert decide(as_staff, review.pk, "published").status_code == 200

    review.refresh_from_db()
    assert (told, review.moderated_at) == ([], None)
    assert rating_of(product) == (1, 5, 500)


def test_a_decision_without_a_reason_leaves_the_reason_of_the_same_decision(
    as_staff, product, told
):
    review = make_review(product)
    decide(as_staff, review.pk, "rejected", reason="Advertising")
    told.clear()

    decide(as_staff, review.pk, "rejected")
    review.refresh_from_db()
    assert (review.reason, told) == ("Advertising", [])
    decide(as_staff, review.pk, "rejected", reason="Spam")
    review.refresh_from_db()
    assert (review.reason, told) == ("Spam", [])
    decide(as_staff, review.pk, "published")
    review.refresh_from_db()
    assert review.reason == ""


@pytest.mark.parametrize("status", ["pending", "lost", "", None, 5])
def test_staff_decide_for_or_against(as_staff, product, status):
    review = make_review(product)

    assert decide(as_staff, review.pk, status).status_code == 400
    with pytest.raises(ValueError, match="status"):
        moderate_review(review.pk, status="pending")


@pytest.mark.parametrize("body", [{"text": "I love it"}, {"rating": 5, "status": "published"}, {}])
@pytest.mark.parametrize("method", ["patch", "put"])
def test_staff_put_no_words_into_anothers_mouth(as_staff, product, method, body):
    review = make_review(product, rating=1)

    answer = getattr(as_staff, method)(f"{API}reviews/{review.pk}/", body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    review.refresh_from_db()
    assert (review.rating, review.text) == (1, "Good.")


def test_deciding_needs_the_permission(as_other, other, product, django_user_model):
    review = make_review(product)
    other.is_staff = True
    other.save()
    assert decide(as_other, review.pk, "rejected").status_code == 403
    assert as_other.delete(f"{API}reviews/{review.pk}/").status_code == 403

    for name in ("change_review", "delete_review"):
        other.user_permissions.add(Permission.objects.get(codename=name))
    allowed = signed_in(django_user_model.objects.get(pk=other.pk))
    assert decide(allowed, review.pk, "rejected").status_code == 200
    assert allowed.delete(f"{API}reviews/{review.pk}/").status_code == 204


def test_a_permission_without_being_staff_is_nothing(as_other, other, product, rules):
    rules(MODERATION="all")
    review = make_review(product, status="pending")
    other.is_superuser = True
    other.save()

    assert decide(as_other, review.pk, "published").status_code == 404


def test_the_author_cannot_publish_himself(as_user, product, rules):
    rules(MODERATION="all")
    pk = post(as_user, product, rating=5).json()["id"]

    answer = decide(as_user, pk, "published")

    assert (answer.status_code, answer.json()["status"]) == (200, "pending")


def test_a_member_of_staff_may_write_and_decide_at_once(as_staff, product, rules):
    rules(MODERATION="all")
    pk = post(as_staff, product, rating=5).json()["id"]

    answer = decide(as_staff, pk, "published", rating=4)

    assert (answer.json()["status"], answer.json()["rating"]) == ("published", 4)
    assert rating_of(product) == (1, 4, 400)


@pytest.mark.parametrize(
    ("moderation", "statuses"),
    [
        ("none", ("published", "published")),
        ("none", ("rejected", "pending")),
        ("all", ("published", "pending")),
        ("all", ("pending", "pending")),
        ("all", ("rejected", "pending")),
        ("new_authors", ("published", "published")),
        ("new_authors", ("rejected", "pending")),
    ],
)
def test_an_edit_makes_nothing_more_public(as_user, user, product, rules, moderation, statuses):
    before, after = statuses
    rules(MODERATION=moderation)
    review = make_review(product, user=user, rating=5, status=before)

    edited = as_user.patch(f"{API}reviews/{review.pk}/", {"rating": 4}, format="json").json()
    again = as_user.patch(f"{API}reviews/{review.pk}/", {"rating": 3}, format="json").json()

    assert (edited["status"], again["status"]) == (after, after)
    assert rating_of(product) == ((1, 3, 300) if after == "published" else (0, 0, 0))


def test_new_authors_wait_until_something_of_theirs_is_published(as_user, as_staff, product, rules):
    rules(MODERATION="new_authors", RATING_REQUIRED=False)
    first, second = (post(as_user, product, text="Hi").json() for _ in range(2))
    assert (first["status"], second["status"]) == ("pending", "pending")

    decide(as_staff, first["id"], "published")

    assert post(as_user, product, text="Hi").json()["status"] == "published"


def test_facts_tell_what_happened_and_of_publishing_once(as_user, product, told):
    pk = post(as_user, product, rating=5).json()["id"]
    as_user.patch(f"{API}reviews/{pk}/", {"rating": 4}, format="json")
    as_user.patch(f"{API}reviews/{pk}/", {"rating": 4}, format="json")
    as_user.delete(f"{API}reviews/{pk}/")

    assert told == [
        ("review.submitted", pk), ("review.published", pk), ("review.submitted", pk),
    ]  # fmt: skip


def test_the_site_says_who_may_rate_and_who_is_a_buyer(as_user, as_other, product, rules):
    rules(CAN_REVIEW=f"{HERE}.nobody", VERIFIED=f"{HERE}.everybody")
    assert post(as_user, product, rating=5).status_code == 403

    rules(CAN_REVIEW=f"{HERE}.everybody", VERIFIED=f"{HERE}.nobody")
    assert post(as_user, product, rating=5).json()["verified"] is False

    rules(CAN_REVIEW=f"{HERE}.everybody", VERIFIED=f"{HERE}.everybody")
    assert post(as_other, product, rating=5).json()["verified"] is True


def test_a_rule_that_is_both_is_asked_once(product, rules, monkeypatch):
    asked = []
    monkeypatch.setattr(f"{HERE}.everybody", lambda *given: asked.append(given) or True)
    rules(CAN_REVIEW=f"{HERE}.everybody", VERIFIED=f"{HERE}.everybody")
    author = make_author()

    make_review(product, user=author)

    assert asked == [(author, product)]
