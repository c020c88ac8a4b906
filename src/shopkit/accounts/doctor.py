"""Probes of accounts: names, proven contacts, second factors."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Lower

from shopkit.core.doctor import Finding, probe

from .models import EmailAddress, PhoneNumber, Profile, TelegramAccount
from .services.names import follow_username, username_key

E164 = r"^\+[1-9][0-9]{6,14}$"
IDENTITIES: tuple[tuple[Any, str], ...] = (
    (PhoneNumber, "number"),
    (EmailAddress, "address"),
    (TelegramAccount, "telegram_id"),
)
# What a second factor's code is sent to.
REACHED_BY: dict[str, Any] = {
    "sms": PhoneNumber.objects.all(),
    "email": EmailAddress.objects.all(),
    "telegram": TelegramAccount.objects.exclude(chat_id=None),
}


@probe(
    "accounts.username_key",
    remedy="Somebody renamed the user elsewhere, such as in the admin: run `manage.py "
    "shopkit_doctor --fix`. What it leaves is a name that two users have in different case.",
)
def username_keys() -> Iterator[Finding]:
    """The key that keeps a username unique in every case is made of the username of today."""
    rows = Profile.objects.exclude(username_key=None).select_related("user").order_by("pk")
    for profile in rows.iterator():
        if profile.username_key != username_key(profile.user):
            yield Finding(
                f"user {profile.pk}",
                "has a username key of another name",
                fix=partial(follow_username, profile.pk),
            )


@probe("accounts.contacts", remedy="Ask the people whose it is, and delete the others' rows.")
def contacts() -> Iterator[Finding]:
    """A proven phone, e-mail address or Telegram account, in its one spelling, is one user's."""
    for model, column in IDENTITIES:
        rows = model.objects.order_by(column).values_list(column)
        for _value, count in rows.annotate(count=Count("pk")).filter(count__gt=1).iterator():
            yield Finding(f"{model._meta.verbose_name}", f"the same one identifies {count} users")
    spelled = PhoneNumber.objects.exclude(number__regex=E164).order_by("pk")
    for pk in spelled.values_list("pk", flat=True).iterator():
        yield Finding(f"user {pk}", "has a phone number that is not E.164")
    cased = EmailAddress.objects.exclude(address=Lower("address")).order_by("pk")
    for pk in cased.values_list("pk", flat=True).iterator():
        yield Finding(f"user {pk}", "has an e-mail address that is not in lower case")


@probe(
    "accounts.two_factor",
    remedy="Nothing signs the user in. Make sure that it is he who asks, and choose “Switch the "
    "second factor off” among the profiles in the admin.",
)
def two_factor() -> Iterator[Finding]:
    """Whoever has a second factor has a proven contact that it reaches."""
    for channel, reached in REACHED_BY.items():
        mine = reached.filter(user=OuterRef("pk"))
        lost = Profile.objects.filter(two_factor=channel).exclude(Exists(mine)).order_by("pk")
        for pk in lost.values_list("pk", flat=True).iterator():
            message = f"has the second factor {channel} and nothing that it reaches"
            yield Finding(f"user {pk}", message, is_warning=True)
