"""The index of the staff's search: made where it can be, done without where it cannot."""

from importlib import import_module

import pytest
from django.db import connection

migration = import_module("shopkit.orders.migrations.0003_search_by_parts")


def exists(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = %s", [name])
        return cursor.fetchone() is not None


@pytest.mark.postgres
@pytest.mark.django_db
def test_it_is_made_and_may_be_made_again_and_goes_backwards():
    assert exists(migration.NAME)

    with connection.schema_editor(atomic=False) as editor:
        migration.create(None, editor)
        assert exists(migration.NAME)
        migration.drop(None, editor)
        assert not exists(migration.NAME)


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_role_that_may_not_make_it_migrates_all_the_same(caplog):
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE tests_of_little_power")
        cursor.execute("SET LOCAL ROLE tests_of_little_power")
        with connection.schema_editor(atomic=False) as editor:
            migration.create(None, editor)
        cursor.execute("RESET ROLE")

    assert not exists(migration.NAME)
    assert "Orders are searched without an index" in caplog.text


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="other engines")
@pytest.mark.django_db(transaction=True)
def test_other_engines_are_left_alone():
    with connection.schema_editor() as editor:
        migration.create(None, editor)
        migration.drop(None, editor)
