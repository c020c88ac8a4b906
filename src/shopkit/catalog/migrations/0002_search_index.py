"""An index for the search on PostgreSQL; nothing happens on other engines.

A search asks for products whose search key contains a text (LIKE '%word%'), which no ordinary
index finds: at 100 000 products every search would read the whole table. A GIN index of trigrams
does find it, for words of three letters and more, and it goes with any filter and any ordering.
Only products on sale are in it, as in the indexes of the orderings. Without "fastupdate" a change
is in the index at once, and no search has to read through a list of changes that wait.

The operators are those of the extension pg_trgm. PostgreSQL lets owners of a database create it
(it is "trusted"), but some hosts do not or keep it out of the search path, and some installations
lack it. The shop works without: the migration says what is missing and goes on. Who gets the
extension later runs

    manage.py migrate shopkit_catalog 0001 && manage.py migrate
"""

from django.db import DatabaseError, migrations, transaction

NAME = "shopkit_product_search"


def add_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    table = connection.ops.quote_name(apps.get_model("shopkit_catalog", "Product")._meta.db_table)
    try:
        # A savepoint: what is refused must not spoil the migration's transaction.
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            # It may be there already, in a schema that the search path does not name.
            cursor.execute("SELECT show_trgm('')")
    except DatabaseError as error:
        reason = str(error).partition("\n")[0]
        print(f"\n    No index for the search: {reason}")
        return
    schema_editor.execute(
        f"CREATE INDEX IF NOT EXISTS {NAME} ON {table} "
        "USING gin (search_key gin_trgm_ops) WITH (fastupdate = off) WHERE is_active"
    )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {NAME}")


class Migration(migrations.Migration):
    dependencies = [("shopkit_catalog", "0001_initial")]

    operations = [migrations.RunPython(add_index, drop_index, elidable=False)]
