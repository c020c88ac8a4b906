"""Types of products with their attributes; colours as the database checks them, numbers by range."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Lower


def lower_colours(apps, schema_editor):
    """Until now "#FF0000" was stored as it was written."""
    values = apps.get_model("shopkit_catalog", "AttributeValue")
    coloured = values.objects.using(schema_editor.connection.alias).exclude(colour="")
    coloured.update(colour=Lower("colour"))


class Migration(migrations.Migration):
    dependencies = [
        ("shopkit_catalog", "0004_images"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "translations",
                    models.JSONField(blank=True, default=dict, verbose_name="translations"),
                ),
            ],
            options={
                "verbose_name": "product type",
                "verbose_name_plural": "product types",
                "ordering": ("name", "code"),
            },
        ),
        migrations.CreateModel(
            name="ProductTypeAttribute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                ("is_required", models.BooleanField(default=False, verbose_name="required")),
            ],
            options={
                "verbose_name": "type's attribute",
                "verbose_name_plural": "type's attributes",
                "ordering": ("type_id", "position", "pk"),
            },
        ),
        migrations.RunPython(lower_colours, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="attributevalue",
            index=models.Index(
                condition=models.Q(("number__isnull", False)),
                fields=["attribute", "number"],
                name="shopkit_value_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="attributevalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("colour", ""), ("colour__regex", "^#[0-9a-f]{6}$"), _connector="OR"
                ),
                name="shopkit_attributevalue_colour",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="type",
            field=models.ForeignKey(
                blank=True,
                help_text="Says which attributes the product has; without one it may have any.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="products",
                to="shopkit_catalog.producttype",
                verbose_name="type",
            ),
        ),
        migrations.AddField(
            model_name="producttypeattribute",
            name="attribute",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="shopkit_catalog.attribute",
                verbose_name="attribute",
            ),
        ),
        migrations.AddField(
            model_name="producttypeattribute",
            name="type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="members",
                to="shopkit_catalog.producttype",
                verbose_name="type",
            ),
        ),
        migrations.AddConstraint(
            model_name="producttypeattribute",
            constraint=models.UniqueConstraint(
                fields=("type", "attribute"), name="shopkit_producttypeattribute_once"
            ),
        ),
    ]
