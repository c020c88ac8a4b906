"""A site that shows products and sells none of them here."""

import pytest
from django.apps import apps
from django.core.management import call_command
from rest_framework.test import APIClient

from shopkit.core.doctor import PROBES
from shopkit.core.testing import assert_books_balance

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        apps.is_installed("shopkit.inventory"),
        reason="run with DJANGO_SETTINGS_MODULE=tests.sites.catalog.settings",
    ),
]
API = "/api/v1/"


def make(client: APIClient, **changes):
    body = {"name": "Cup", "sku": "CUP", "price": "50000.00", **changes}
    return client.post(f"{API}products/", body, format="json")


def test_the_site_passes_its_checks_and_misses_no_migration():
    call_command("check", "--fail-level", "WARNING")
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_products_are_shown_and_never_sold_out(client, as_staff):
    made = make(as_staff)
    assert made.status_code == 201, made.content

    [card] = client.get(f"{API}products/").json()["results"]
    detail = client.get(f"{API}products/{card['slug']}/").json()

    assert (card["name"], card["price"], card["in_stock"]) == ("Cup", "50000.00", True)
    [variant] = detail["variants"]
    assert (variant["in_stock"], variant["available"]) == (True, None)


def test_a_number_of_units_is_refused_where_nobody_counts(client, as_staff):
    answer = make(as_staff, stock=5)

    assert answer.status_code == 400
    assert [error["code"] for error in answer.json()["errors"]] == ["no_stock"]
    assert client.get(f"{API}products/").json()["count"] == 0


def test_the_doctor_looks_at_what_is_installed(as_staff):
    make(as_staff)

    assert {probe.app for probe in PROBES.values()} == {"core", "catalog"}
    assert_books_balance()


def test_endpoints_of_other_apps_do_not_exist(client):
    for path in ("cart/", "orders/", "payments/providers/", "auth/login/", "variants/1/stock/"):
        answer = client.get(f"{API}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
