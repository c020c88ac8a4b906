"""What web processes read to know which products' facets have changed.

On PostgreSQL triggers write it; on other engines the table stays empty.
"""

import django.utils.timezone
from django.db import migrations, models

from shopkit.catalog import triggers


def install(_apps, schema_editor):
    triggers.install(schema_editor.connection.alias)


def remove(_apps, schema_editor):
    triggers.remove(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("shopkit_catalog", "0006_search")]

    operations = [
        migrations.CreateModel(
            name="FacetChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("transaction", models.BigIntegerField(verbose_name="transaction")),
                ("product_key", models.BigIntegerField(null=True, verbose_name="product")),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="changed at"
                    ),
                ),
            ],
            options={
                "verbose_name": "change of facets",
                "verbose_name_plural": "changes of facets",
                "indexes": [
                    models.Index(fields=["transaction"], name="shopkit_facetchange_reading"),
                    models.Index(fields=["changed_at"], name="shopkit_facetchange_purge"),
                ],
            },
        ),
        migrations.RunPython(install, remove, elidable=False),
    ]
