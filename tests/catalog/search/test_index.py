"""Searches on PostgreSQL read indexes, and the migration that makes them can be taken back."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from rest_framework.test import APIClient

from shopkit.catalog.models import Category, Product
from shopkit.catalog.search.base import ranked
from shopkit.catalog.search.database import DatabaseSearch
from shopkit.catalog.search.keys import key_of
from shopkit.catalog.search.postgres import PostgresSearch
from shopkit.catalog.search.questions import read_question
from shopkit.catalog.testing import make_category

TRIGRAMS = import_module("shopkit.catalog.migrations.0002_search_index").NAME
MIGRATION = import_module("shopkit.catalog.migrations.0006_search")
pytestmark = pytest.mark.django_db


@pytest.fixture
def many():
    Product.objects.bulk_create(
        Product(
            name=f"Cup {number}",
            slug=f"cup-{number}",
            search_key=key_of([f"Cup {number}"], [f"SKU{number}", "Red" if number % 3 else "Oak"]),
            popularity=number,
        )
        for number in range(10_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE shopkit_catalog_product")


def plan(backend, text):
    question = read_question(text)
    rows = backend.narrow(Product.objects.on_sale(), question)
    return ranked(rows, backend.relevance(question))[:21].explain()


@pytest.mark.postgres
def test_searches_read_indexes_whatever_is_asked(many):
    for text in ("cup 77", "oak", "koylak", "koylka", "cup koylak oq", "m", "77", "kub"):
        found = plan(PostgresSearch(), text)
        assert f"Bitmap Index Scan on {MIGRATION.NAME}" in found, text
        assert (f"Bitmap Index Scan on {TRIGRAMS}" in found) == (len(text) > 2), text
        assert "Seq Scan" not in found, text

    found = plan(PostgresSearch(inside=False), "koylak oq")
    assert MIGRATION.NAME in found
    assert "Seq Scan" not in found

    for text in ("koylak", "ёлка", "coca"):  # as written and as heard
        found = plan(DatabaseSearch(), text)
        assert TRIGRAMS in found, text
        assert "Seq Scan" not in found, text


@pytest.mark.postgres
def test_it_can_be_taken_back_and_made_again():
    def indexes():
        with connection.cursor() as cursor:
            query = "SELECT count(*) FROM pg_indexes WHERE indexname = %s"
            cursor.execute(query, [MIGRATION.NAME])
            return cursor.fetchone()[0]

    for direction, number in ((MIGRATION.drop_index, 0), (MIGRATION.add_index, 1)):
        with connection.schema_editor(atomic=False) as editor:
            direction(apps, editor)
        assert indexes() == number


def test_categories_that_were_there_before_get_their_words():
    for number in range(3):
        make_category(name=f"Кўйлак {number}")
    Category.objects.update(search_key="")
    assert APIClient().get("/api/v1/categories/", {"search": "koylak"}).json() == []

    MIGRATION.fill_keys(apps, SimpleNamespace(connection=connection))

    assert len(APIClient().get("/api/v1/categories/", {"search": "koylak"}).json()) == 3
