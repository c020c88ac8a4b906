"""The index that searches use on PostgreSQL, and what happens where it cannot be had."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from shopkit.catalog.models import Product

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
MIGRATION = import_module("shopkit.catalog.migrations.0002_search_index")


def indexes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname = %s", [MIGRATION.NAME])
        return [name for [name] in cursor.fetchall()]


def migrate(direction):
    with connection.schema_editor(atomic=False) as editor:
        direction(apps, editor)


def test_a_search_reads_the_index():
    Product.objects.bulk_create(
        Product(name="Cup", slug=f"cup-{number}", search_key=f"cup {number:x} teacup")
        for number in range(10_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE shopkit_catalog_product")

    plan = Product.objects.on_sale().filter(search_key__contains="koylak").order_by().explain()

    assert MIGRATION.NAME in plan


def test_it_can_be_taken_back_and_made_again():
    migrate(MIGRATION.drop_index)
    assert indexes() == []
    migrate(MIGRATION.add_index)
    assert indexes() == [MIGRATION.NAME]


def test_an_extension_out_of_sight_is_none(capsys):
    """Some hosts install extensions into a schema of their own."""
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE SCHEMA elsewhere")
        cursor.execute("CREATE EXTENSION pg_trgm SCHEMA elsewhere")

    migrate(MIGRATION.add_index)

    assert "No index for the search: function show_trgm" in capsys.readouterr().out
    assert indexes() == []


def test_who_may_not_create_the_extension_goes_on_without(capsys):
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE shopkit_test_nobody")
        cursor.execute("SET LOCAL ROLE shopkit_test_nobody")

    migrate(MIGRATION.add_index)

    assert "permission denied" in capsys.readouterr().out
    with connection.cursor() as cursor:  # the transaction is whole
        cursor.execute("RESET ROLE")
    assert indexes() == []
    assert list(Product.objects.filter(search_key__contains="koylak")) == []
