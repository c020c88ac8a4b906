"""Pictures know their sizes by their names in the storage, their source and their translations."""

import shopkit.catalog.models.products
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shopkit_catalog', '0003_listing_counts'),
    ]

    operations = [
        migrations.AddField(
            model_name='image',
            name='sized_for',
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name='image',
            name='source',
            field=models.CharField(blank=True, editable=False, max_length=1000, verbose_name='source'),
        ),
        migrations.AddField(
            model_name='image',
            name='translations',
            field=models.JSONField(blank=True, default=dict, verbose_name='translations'),
        ),
        migrations.AlterField(
            model_name='image',
            name='file',
            field=models.ImageField(height_field='height', unique=True, upload_to=shopkit.catalog.models.products.image_path, verbose_name='file', width_field='width'),
        ),
        migrations.AddConstraint(
            model_name='image',
            constraint=models.CheckConstraint(condition=models.Q(('file', ''), _negated=True), name='shopkit_image_has_file'),
        ),
        migrations.AddConstraint(
            model_name='image',
            constraint=models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('product', 'source'), name='shopkit_image_once_per_source'),
        ),
    ]
