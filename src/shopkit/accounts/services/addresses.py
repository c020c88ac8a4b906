"""A user's address book."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shopkit.accounts.models import Address
from shopkit.core.errors import Refusal
from shopkit.core.locks import hold

MOST_ADDRESSES = 50
PARTS = (
    "country",
    "region",
    "city",
    "street",
    "postal_code",
    "latitude",
    "longitude",
    "note",
)


class AddressBookFull(Refusal):
    """The user has as many addresses as one may have."""

    code = "address_book_full"
    message = _("Your address book is full. Remove an address first.")


def add_address(user: Any, **values: Any) -> Address:
    """Add an address and return it. The first one is the default, whatever is asked.

    values -- columns of Address

    Raises AddressBookFull.
    """
    with transaction.atomic():
        own = _locked(user)
        count = own.count()
        if count >= MOST_ADDRESSES:
            raise AddressBookFull
        values["is_default"] = count == 0 or values.get("is_default", False)
        if values["is_default"]:
            own.update(is_default=False)
        address = Address.objects.create(user=user, **values)
        address.refresh_from_db()
        return address


def change_address(user: Any, *, pk: int, **values: Any) -> Address:
    """Change what is given and return the address. Becoming the default takes it from another.

    Raises Address.DoesNotExist, also for somebody else's.
    """
    with transaction.atomic():
        own = _locked(user)
        address: Address = own.get(pk=pk)
        if values.get("is_default"):
            own.exclude(pk=pk).update(is_default=False)
        for name, value in values.items():
            setattr(address, name, value)
        if values:
            address.save(update_fields=list(values))
        return address


def remove_address(user: Any, *, pk: int) -> None:
    """Remove an address. Nobody guesses which other one should be the default.

    Raises Address.DoesNotExist, also for somebody else's.
    """
    own = Address.objects.filter(user=user, pk=pk)
    if not own.delete()[0]:
        raise Address.DoesNotExist


def address_of(user: Any, id: int) -> dict[str, Any] | None:
    """Return an address of ``user`` as an order keeps it; None when there is none of that id.

    For ``SHOPKIT["ORDERS"]["ADDRESS_BOOK"]``. The coordinates are floats, as JSON has no decimals.
    """
    found = Address.objects.filter(user=user, pk=id).values(*PARTS).first()
    if found is None:
        return None
    for name in ("latitude", "longitude"):
        found[name] = None if found[name] is None else float(found[name])
    return dict(found)


def _locked(user: Any) -> Any:
    """One writer at a time: neither the number nor the one default is any single row's."""
    hold(f"accounts.addresses:{user.pk}")
    return Address.objects.filter(user=user)
