"""The guides of reviews do what they say."""

import pytest
from django.contrib.auth.models import Group

from shopkit.catalog.testing import make_variant
from shopkit.reviews.models import Review

from .test_how_to import API, GUIDES, follow  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def post(client, product, **body):
    return client.post(f"{API}products/{product.slug}/reviews/", body, format="json")


def test_collect_reviews(as_user, user, follow):  # noqa: F811
    follow("collect-reviews.md")
    product = make_variant().product

    comment = post(as_user, product, text="Is it for children?")
    refused = post(as_user, product, rating=5)
    user.groups.add(Group.objects.create(name="club"))
    rated = post(as_user, product, rating=5)
    second = post(as_user, product, rating=1)

    assert [comment.status_code, refused.status_code, rated.status_code] == [201, 403, 201]
    assert refused.json()["code"] == "purchase_required"
    assert (rated.json()["verified"], rated.json()["author"]) == (True, f"Member {user.pk}")
    assert (second.json()["code"], second.json()["review_id"]) == (
        "already_reviewed",
        rated.json()["id"],
    )
    card = as_user.put(f"{API}products/{product.pk}/like/").json()["product"]
    assert card["rating"] == {"average": 5.0, "count": 1}


def test_moderate_reviews(as_user, as_staff, follow):  # noqa: F811
    follow("moderate-reviews.md")
    made = post(as_user, make_variant().product, rating=5).json()
    assert made["status"] == "pending"

    queue = as_staff.get(f"{API}reviews/?status=pending&ordering=created_at").json()["results"]
    assert [one["id"] for one in queue] == [made["id"]]
    decided = as_staff.patch(f"{API}reviews/{made['id']}/", {"status": "published"}, format="json")

    assert decided.json()["status"] == "published"
    assert post(as_user, make_variant().product, rating=4).json()["status"] == "published"


def test_the_guide_names_the_statuses_that_staff_choose():
    page = (GUIDES / "moderate-reviews.md").read_text()

    assert all(f'"{one}"' in page for one in (Review.Status.PUBLISHED, Review.Status.REJECTED))
