# Written by makemigrations.

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
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
            name='PhoneNumber',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('number', models.CharField(max_length=16, unique=True, verbose_name='phone')),
                ('verified_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='verified at')),
            ],
            options={
                'verbose_name': 'phone number',
                'verbose_name_plural': 'phone numbers',
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('photo', models.ImageField(blank=True, upload_to='shopkit/people/', verbose_name='photo')),
                ('two_factor', models.CharField(blank=True, max_length=30, verbose_name='second factor')),
                ('username_key', models.CharField(editable=False, max_length=1000, null=True, unique=True)),
            ],
            options={
                'verbose_name': 'profile',
                'verbose_name_plural': 'profiles',
            },
        ),
        migrations.CreateModel(
            name='TelegramAccount',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('telegram_id', models.BigIntegerField(unique=True, verbose_name='Telegram id')),
                ('chat_id', models.BigIntegerField(blank=True, null=True, verbose_name='chat')),
                ('linked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='linked at')),
            ],
            options={
                'verbose_name': 'Telegram account',
                'verbose_name_plural': 'Telegram accounts',
            },
        ),
        migrations.CreateModel(
            name='EmailAddress',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('address', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('verified_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='verified at')),
            ],
            options={
                'verbose_name': 'e-mail address',
                'verbose_name_plural': 'e-mail addresses',
                'constraints': [models.CheckConstraint(condition=models.Q(('address', django.db.models.functions.text.Lower('address'))), name='shopkit_emailaddress_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='PendingRegistration',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('destination', models.CharField(max_length=254, unique=True, verbose_name='destination')),
                ('username', models.CharField(blank=True, max_length=254, verbose_name='username')),
                ('username_key', models.CharField(editable=False, max_length=1000, null=True, unique=True)),
                ('password', models.CharField(editable=False, max_length=255)),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('address', models.JSONField(blank=True, encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
            ],
            options={
                'verbose_name': 'pending registration',
                'verbose_name_plural': 'pending registrations',
                'indexes': [models.Index(fields=['expires_at'], name='shopkit_pending_expiry')],
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(blank=True, max_length=100, verbose_name='label')),
                ('country', models.CharField(blank=True, max_length=100, verbose_name='country')),
                ('region', models.CharField(blank=True, max_length=100, verbose_name='region')),
                ('city', models.CharField(max_length=100, verbose_name='city')),
                ('street', models.CharField(max_length=300, verbose_name='street')),
                ('postal_code', models.CharField(blank=True, max_length=20, verbose_name='postal code')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='longitude')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('is_default', models.BooleanField(default=False, verbose_name='default')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created at')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'address',
                'verbose_name_plural': 'addresses',
                'ordering': ('-is_default', 'pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('user',), name='shopkit_address_one_default'), models.CheckConstraint(condition=models.Q(('latitude', None), models.Q(('latitude__gte', -90), ('latitude__lte', 90)), _connector='OR'), name='shopkit_address_latitude'), models.CheckConstraint(condition=models.Q(('longitude', None), models.Q(('longitude__gte', -180), ('longitude__lte', 180)), _connector='OR'), name='shopkit_address_longitude')],
            },
        ),
        migrations.CreateModel(
            name='AuthSession',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(editable=False, max_length=64)),
                ('password_stamp', models.CharField(editable=False, max_length=64)),
                ('method', models.CharField(choices=[('password', 'password'), ('two_factor', 'password and code'), ('code', 'code'), ('telegram', 'Telegram'), ('other', 'in another way')], default='other', max_length=20, verbose_name='signed in by')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created at')),
                ('used_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='last used at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('end_reason', models.CharField(blank=True, choices=[('signed_out', 'signed out'), ('reused', 'a used refresh token came back'), ('password_changed', 'the password was changed'), ('proven_by_owner', 'somebody else proved to own the address'), ('staff', 'ended by staff')], max_length=20, verbose_name='why it ended')),
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
