# Written by makemigrations.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shopkit_otp', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='challenge',
            name='asked_as',
            field=models.CharField(blank=True, editable=False, max_length=254),
        ),
        migrations.AddIndex(
            model_name='challenge',
            index=models.Index(fields=['asked_as'], name='shopkit_challenge_asked_as'),
        ),
    ]
