"""Search keys of categories, and an index of products' words on PostgreSQL.

The index is for the backend "shopkit.catalog.search.postgres.PostgresSearch". It needs no
extension. Like the trigrams of 0002, it holds products on sale only, and a change is in it at once.
Names are words folded by us already, so "simple" is the right configuration for all languages.
"""

from django.db import migrations, models

from shopkit.catalog.search.keys import category_key

NAME = "shopkit_product_words"
BATCH = 500


def add_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    table = connection.ops.quote_name(apps.get_model("shopkit_catalog", "Product")._meta.db_table)
    schema_editor.execute(
        f"CREATE INDEX IF NOT EXISTS {NAME} ON {table} "
        "USING gin (to_tsvector('simple'::regconfig, search_key)) "
        "WITH (fastupdate = off) WHERE is_active"
    )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {NAME}")


def fill_keys(apps, schema_editor):
    """Give categories their keys; those of products are made anew by ``shopkit_doctor --fix``."""
    rows = apps.get_model("shopkit_catalog", "Category").objects.using(
        schema_editor.connection.alias
    )
    batch = []
    for category in rows.only("name", "translations").iterator(chunk_size=BATCH):
        category.search_key = category_key(category.name, category.translations)
        batch.append(category)
        if len(batch) == BATCH:
            rows.bulk_update(batch, ["search_key"])
            batch = []
    if batch:
        rows.bulk_update(batch, ["search_key"])


class Migration(migrations.Migration):
    dependencies = [("shopkit_catalog", "0005_product_types")]

    operations = [
        migrations.RunPython(add_index, drop_index, elidable=False),
        migrations.AddField(
            "category",
            "search_key",
            models.TextField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                verbose_name="search key",
            ),
        ),
        migrations.RunPython(fill_keys, migrations.RunPython.noop, elidable=True),
    ]
