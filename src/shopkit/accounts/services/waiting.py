"""Registrations in waiting: each speaks for itself, and the proof of an address ends them all.

Anybody can register with anybody's address, so several may wait for one. Which of them its owner
wanted is told by where the code came back: only the page that registered knows the challenge, and
only the owner of the address knows the code. A mailed link proves the address alone, and so it
finishes a registration only while no other is known.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.facts import registration_begun
from shopkit.accounts.models import PendingRegistration

from .contacts import hold_contact
from .names import hold_username, is_taken, username_taken

MOST_COMPARED = 5


@dataclass(frozen=True)
class Claim:
    """What of the registrations in waiting becomes the account of who has proven the address.

    names -- the registration whose names it gets, None for none
    own -- the one whose password and address book it gets as well, None for none
    is_contested -- one was to be finished, and could not, because others wait too
    """

    names: PendingRegistration | None = None
    own: PendingRegistration | None = None
    is_contested: bool = False


def claim_of(destination: str, *, registration: str, is_by_link: bool) -> Claim:
    """Return what the proof of ``destination`` finishes.

    registration -- key of the registration that asked for the code, "" for none
    is_by_link -- the code came back by the mailed link, whoever opened it
    """
    rows = list(PendingRegistration.objects.filter(destination=destination).order_by("created_at"))
    live = PendingRegistration.objects.live().filter(destination=destination)
    living = set(live.values_list("pk", flat=True))
    own = next((row for row in rows if str(row.pk) == registration and row.pk in living), None)
    if is_by_link and len(rows) > 1:
        return Claim(is_contested=own is not None)
    if own is not None:
        return Claim(names=own, own=own)
    # Names do no harm, and whoever asked for another code without naming his registration keeps
    # them; but among several nobody knows whose are his.
    is_alone = len(rows) == 1 and rows[0].pk in living
    return Claim(names=rows[0] if is_alone else None)


@sensitive_variables("password")
def key_for(destination: str, password: str) -> uuid.UUID:
    """Return the key of the registration that begins: an earlier one's with this very password.

    Who registers twice, because the first mail did not come, is no rival of himself.
    """
    for row in _newest(Q(destination=destination)):
        if check_password(password, row.password):
            return row.pk
    return uuid.uuid4()


@sensitive_variables("password")
def knows_password(password: str, *, destination: str, name_key: str) -> bool | None:
    """Say whether a registration in waiting has this password; None where nobody waits.

    Each one that waits costs a hash. That tells how many registered with an address, not whether
    it is somebody's: for a known one as many rows are kept.

    destination, name_key -- an address and a username without case, "" for none
    """
    waiting = Q(username_key=name_key) if name_key else Q()
    waiting |= Q(destination=destination) if destination else Q()
    rows = _newest(waiting) if waiting else []
    if not rows:
        return None
    return any(check_password(password, row.password) for row in rows)


def store(pending: PendingRegistration, user: Any, *, challenge: uuid.UUID) -> None:
    """Keep ``pending``, in place of the one with its key; the username is reserved from now on.

    Raises ValidationError (username, code "username_taken"); nothing is stored then.
    Announces ``registration_begun``.
    """
    destination = pending.destination
    with transaction.atomic():
        hold_contact(destination)
        hold_username(user)
        if pending.username and is_taken(user, except_for=destination):
            raise username_taken()
        if pending.username_key is not None:
            holders = PendingRegistration.objects.filter(username_key=pending.username_key)
            holders.update(username_key=None)
        PendingRegistration.objects.filter(pk=pending.pk).delete()
        pending.save(force_insert=True)
        registration_begun.announce(challenge=str(challenge))


def _newest(chosen: Q) -> list[PendingRegistration]:
    rows = PendingRegistration.objects.live().filter(chosen).order_by("-created_at", "pk")
    return list(rows[:MOST_COMPARED])
