"""Withdrawing challenges, and forgetting old ones."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from shopkit.core.purge import delete_all
from shopkit.otp.conf import otp_settings
from shopkit.otp.models import Budget, Challenge

from .verifying import Verified


def void(
    *,
    challenge: UUID | None = None,
    user_ref: str = "",
    destination: str = "",
    purpose: str = "",
) -> int:
    """Withdraw the unspent challenges that all given conditions name; return how many.

    May be called inside a transaction, so that a new password and the end of old codes are one.

    destination -- in its one spelling, as ``verify`` gave it

    Raises ValueError without any of challenge, user_ref and destination.
    """
    if not (challenge or user_ref or destination):
        raise ValueError("Name a challenge, a user_ref or a destination.")
    given = {"pk": challenge, "user_ref": user_ref, "destination": destination, "purpose": purpose}
    rows = Challenge.objects.filter(**{name: value for name, value in given.items() if value})
    return rows.unspent().update(voided_at=Now())


def note(verified: Verified, **values: Any) -> None:
    """Keep ``values`` with the payload of an answered challenge, until it is purged.

    For what follows from the answer and is told later, by the challenge's id.
    """
    rows = Challenge.objects.filter(pk=verified.challenge)
    rows.update(payload={**verified.payload, **values})


def give_back(verified: Verified) -> bool:
    """Let an answered code be answered once more, because what follows it was put off; say so.

    Its tries stay counted. Where a later code for the same is live, that one holds.
    """
    answered = Challenge.objects.exclude(consumed_at=None).filter(pk=verified.challenge)
    try:
        with transaction.atomic():
            return bool(answered.update(consumed_at=None))
    except IntegrityError:
        return False


def purge() -> int:
    """Delete challenges that were over ``KEEP`` ago and counters that count nothing any more.

    Returns how many rows. Goes in batches; safe to run at any time.
    """
    old = Challenge.objects.filter(expires_at__lte=Now() - otp_settings().KEEP)
    return delete_all(old) + delete_all(Budget.objects.over())
