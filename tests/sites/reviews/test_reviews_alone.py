"""A site that shows products, lets people talk about them, and sells none of them here."""

import pytest
from django.apps import apps
from django.core.management import call_command

from shopkit.core.doctor import PROBES
from shopkit.core.testing import assert_books_balance
from shopkit.reviews.testing import make_author
from tests.reviews.conftest import API, post, product, rating_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        apps.is_installed("shopkit.inventory"),
        reason="run with DJANGO_SETTINGS_MODULE=tests.sites.reviews.settings",
    ),
]
__all__ = ["product"]


def test_the_site_passes_its_checks_and_misses_no_migration():
    call_command("check", "--fail-level", "WARNING")
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_people_sign_in_by_the_sites_own_way_to_rate_and_like(client, user, product):
    user.set_password("demo-anna-1234")
    user.save()
    client.credentials(HTTP_AUTHORIZATION="Basic YW5uYTpkZW1vLWFubmEtMTIzNA==")

    assert post(client, product, rating=4, text="Fine").status_code == 201
    assert client.put(f"{API}products/{product.pk}/like/").status_code == 200

    [card] = client.get(f"{API}products/").json()["results"]
    assert card["rating"] == {"average": 4.0, "count": 1}
    assert (card["likes_count"], card["is_liked"]) == (1, True)
    assert_books_balance()


def test_an_account_takes_along_what_it_wrote(product):
    author = make_author()
    author.delete()

    assert rating_of(product) == (0, 0, 0)


def test_the_doctor_looks_at_what_is_installed():
    assert {probe.app for probe in PROBES.values()} == {"core", "catalog", "reviews"}


def test_endpoints_of_other_apps_do_not_exist(client):
    for path in ("cart/", "orders/", "notifications/", "auth/login/"):
        assert client.get(f"{API}{path}").status_code == 404
