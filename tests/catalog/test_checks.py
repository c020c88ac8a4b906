"""Wrong settings of the catalogue are found by ``manage.py check``."""

from types import SimpleNamespace

import pytest
from django.core.checks import run_checks

from shopkit.catalog.checks import check_search
from shopkit.catalog.search import postgres
from shopkit.core.doctor import PROBES, check

STOCK = "shopkit.inventory.availability.StockAvailability"


@pytest.fixture
def found(settings):
    def found(path):
        settings.SHOPKIT = {
            **settings.SHOPKIT,
            "CATALOG": {**settings.SHOPKIT["CATALOG"], "AVAILABILITY": path, "CACHE": None},
        }
        return [one.id for one in run_checks(tags=["shopkit"])]

    return found


def test_who_knows_the_stock_is_loaded(found):
    assert found(STOCK) == []


@pytest.mark.parametrize(
    "path", ["shop.gone.Stock", "shopkit.catalog.models.Product", "datetime.datetime", "", "Stock"]
)
def test_a_path_that_leads_to_no_stock_is_an_error(found, path):
    assert found(path) == ["shopkit.catalog.E001"]


def test_stock_that_is_kept_and_not_asked_for_is_a_warning(found):
    path = "shopkit.catalog.availability.UnlimitedAvailability"
    assert found(path) == ["shopkit.inventory.W001"]


@pytest.mark.django_db
def test_the_doctor_says_what_the_checks_say(found):
    found("shop.gone.Stock")
    wrong = check(PROBES["core.settings"])
    found("shopkit.catalog.availability.UnlimitedAvailability")
    odd = check(PROBES["core.settings"])

    assert (wrong.errors, wrong.warnings) == (1, 0)
    assert wrong.shown[0].subject == "shopkit.catalog.E001"
    assert (odd.errors, odd.warnings) == (0, 1)
    assert 'Set SHOPKIT["CATALOG"]' in odd.shown[0].message


@pytest.mark.parametrize(
    ("search", "part"),
    [
        ({"BACKEND": "shop.Nowhere"}, "Cannot import 'shop.Nowhere'"),
        ({"BACKEND": "shopkit.catalog.models.Product"}, "is not a SearchBackend"),
        (
            {"BACKEND": "shopkit.catalog.search.database.DatabaseSearch", "OPTIONS": {"x": 1}},
            "DatabaseSearch() takes no arguments",
        ),
        ({"PATH": "x"}, "unknown keys: PATH"),
    ],
)
def test_a_search_backend_must_build(settings, search, part):
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": {"SEARCH": search}}

    [error] = check_search()

    assert error.id == "shopkit.catalog.E003"
    assert part in error.msg


def test_full_text_on_another_database_is_refused_with_the_remedy(settings, monkeypatch):
    monkeypatch.setattr(postgres, "connections", {"default": SimpleNamespace(vendor="sqlite")})
    path = "shopkit.catalog.search.postgres.PostgresSearch"
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": {"SEARCH": {"BACKEND": path}}}

    [error] = check_search()

    assert error.msg == (
        f'SHOPKIT["CATALOG"]["SEARCH"]: {path}: it needs PostgreSQL, and the catalogue is in '
        "sqlite. Use shopkit.catalog.search.database.DatabaseSearch."
    )


def test_the_default_search_works_everywhere():
    assert check_search() == []
