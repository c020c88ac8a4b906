"""Phones and e-mail addresses that were proven: whose they are, and making them somebody's.

Only what was proven identifies. The one exception is a site whose user model has a unique
column for e-mail addresses: there the column finds the user too, as a second account could not be
stored; but the first who proves the address by a code takes the account over, without its password
and its sessions. A password is accepted with such an address only where it is the username.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction

from shopkit.accounts.models import (
    AuthSession,
    EmailAddress,
    EndReason,
    PendingRegistration,
    PhoneNumber,
    Profile,
    TelegramAccount,
)
from shopkit.core.locks import hold
from shopkit.core.phones import normalise_phone
from shopkit.otp.destinations import kind_of, normalise
from shopkit.otp.errors import InvalidCode
from shopkit.otp.services import Verified, note, void

from .changes import announce_change
from .names import save_named
from .sessions import end_sessions


def email_column() -> str:
    """Return the user model's column for an e-mail address, "" when it has none."""
    model = get_user_model()
    name = str(model.get_email_field_name())
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return ""
    return name


def is_named_by_email() -> bool:
    """Say whether this site's users sign in by a column that holds their e-mail address."""
    return str(get_user_model().USERNAME_FIELD) == email_column()


def owner_of(destination: str, *, is_proven_only: bool = False) -> Any:
    """Return the user whom ``destination``, in its one spelling, identifies; or None.

    is_proven_only -- whether a unique column of the site's own does not count
    """
    model: Any = PhoneNumber if kind_of(destination) == "phone" else EmailAddress
    column = "number" if model is PhoneNumber else "address"
    row = model.objects.select_related("user").filter(**{column: destination}).first()
    if row is not None:
        return row.user
    # Rows that are found are made into objects; nobody may see by the clock that none was.
    model(user=get_user_model()())
    if model is PhoneNumber or is_proven_only:
        return None
    return _owner_by_column(destination)


def user_of(reference: str) -> Any:
    """Return the active user that a challenge was asked for, or None."""
    try:
        user = get_user_model()._default_manager.filter(pk=reference).first()
    except (ValueError, ValidationError):
        return None
    return user if user is not None and user.is_active else None


def read_contact(text: str) -> str:
    """Return an e-mail address or phone in its one spelling, "" for what is neither."""
    try:
        return normalise(text) if "@" in text else normalise_phone(text)
    except ValidationError:
        return ""


def phone_of(user: Any) -> str:
    """Return the proven number of ``user``, or ""."""
    rows = PhoneNumber.objects.filter(user=user)
    return rows.values_list("number", flat=True).first() or ""


def email_of(user: Any) -> str:
    """Return the proven address of ``user``, or ""."""
    rows = EmailAddress.objects.filter(user=user)
    return rows.values_list("address", flat=True).first() or ""


def reach(user: Any, channel: str) -> str:
    """Return where a channel of codes reaches ``user``, "" when it does not."""
    if channel == "telegram":
        chats = TelegramAccount.objects.filter(user=user).exclude(chat_id=None)
        chat = chats.values_list("chat_id", flat=True).first()
        return "" if chat is None else f"telegram:{chat}"
    return email_of(user) if channel == "email" else phone_of(user)


def hold_contact(destination: str) -> None:
    """Let nobody else find or make the owner of ``destination`` until the transaction ends."""
    hold(f"accounts:contact:{destination}")


def bind_contact(user: Any, destination: str) -> None:
    """Make ``destination``, which ``user`` has just proven, his; an earlier one of his goes.

    Whoever claimed it without proof loses the claim. Call it in a transaction, after
    ``hold_contact``.

    Raises InvalidCode when it became somebody else's meanwhile.
    """
    owner = owner_of(destination)
    if owner is not None and owner.pk != user.pk:
        raise InvalidCode
    if kind_of(destination) == "phone":
        PhoneNumber.objects.update_or_create(user=user, defaults={"number": destination})
    else:
        EmailAddress.objects.update_or_create(user=user, defaults={"address": destination})
        _show_on_user(user, destination)
    PendingRegistration.objects.filter(destination=destination).delete()


def drop_claims(user: Any, verified: Verified) -> None:
    """End whatever a stranger may have tied to an account that its owner had not proven yet.

    Whom he had tied to it is told. Call it in a transaction.

    verified -- the code by which the owner has proven his address
    """
    old = [one for one in (reach(user, name) for name in ("sms", "email", "telegram")) if one]
    PhoneNumber.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    TelegramAccount.objects.filter(user=user).delete()
    Profile.objects.filter(user=user).update(two_factor="")
    void(user_ref=str(user.pk))
    if old:
        note(verified, old=old)
        announce_change(
            user, kind="taken_over", challenge=verified.challenge, language=verified.language
        )


def take_over(user: Any, verified: Verified) -> None:
    """Give an account that carries an address unproven to who has just proven it.

    Whoever made it may be a stranger, so his password and his sessions end.
    """
    with transaction.atomic():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        end_sessions(AuthSession.objects.all().of_user(user), reason=EndReason.PROVEN_BY_OWNER)
        drop_claims(user, verified)
        bind_contact(user, verified.destination)


def remove_contact(row: PhoneNumber | EmailAddress) -> None:
    """Take a proven phone or address from its user and withdraw the codes sent there; for staff."""
    user, is_phone = row.user, isinstance(row, PhoneNumber)
    with transaction.atomic():
        void(destination=row.number if isinstance(row, PhoneNumber) else row.address)
        row.delete()
        announce_change(user, kind="phone_removed" if is_phone else "email_removed")


def is_proven(user: Any, destination: str) -> bool:
    """Say whether ``user`` has proven ``destination``."""
    return destination in {phone_of(user), email_of(user)}


def _owner_by_column(address: str) -> Any:
    column = email_column()
    if not column:
        return None
    field: Any = get_user_model()._meta.get_field(column)
    if not (field.unique or is_named_by_email()):
        return None
    rows = get_user_model()._default_manager.filter(**{f"{column}__iexact": address})
    return rows.first()


def _show_on_user(user: Any, address: str) -> None:
    """Keep the site's own column right, for its mails, its admin, and as the name it may be."""
    column = email_column()
    if not column or getattr(user, column) == address:
        return
    setattr(user, column, address)
    if is_named_by_email():
        save_named(user, update_fields=[column])
    else:
        user.save(update_fields=[column])
