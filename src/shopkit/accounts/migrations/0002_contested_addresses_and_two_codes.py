# Written by makemigrations.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shopkit_accounts', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='authsession',
            name='method',
            field=models.CharField(choices=[('password', 'password'), ('two_factor', 'password and code'), ('two_codes', 'two codes'), ('code', 'code'), ('telegram', 'Telegram'), ('other', 'in another way')], default='other', max_length=20, verbose_name='signed in by'),
        ),
        migrations.AlterField(
            model_name='pendingregistration',
            name='destination',
            field=models.CharField(max_length=254, verbose_name='destination'),
        ),
        migrations.AddIndex(
            model_name='pendingregistration',
            index=models.Index(fields=['destination'], name='shopkit_pending_destination'),
        ),
    ]
