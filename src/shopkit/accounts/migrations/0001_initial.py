# Written by makemigrations.

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('username_key', models.CharField(editable=False, max_length=1000, null=True, unique=True)),
            ],
            options={
                'verbose_name': 'profile',
                'verbose_name_plural': 'profiles',
            },
        ),
        migrations.CreateModel(
            name='AuthSession',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(editable=False, max_length=64)),
                ('password_stamp', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created at')),
                ('used_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='last used at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('end_reason', models.CharField(blank=True, choices=[('signed_out', 'signed out'), ('reused', 'a used refresh token came back'), ('password_changed', 'the password was changed'), ('staff', 'ended by staff')], max_length=20, verbose_name='why it ended')),
                ('agent', models.CharField(blank=True, max_length=300, verbose_name='device')),
                ('address', models.CharField(blank=True, max_length=50, verbose_name='network address')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'ordering': ('-created_at',),
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['user'], name='shopkit_authsession_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='shopkit_authsession_end_has_reason')],
            },
        ),
    ]
