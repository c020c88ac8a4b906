"""Checking a code: counted first, compared second, used once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare
from django.views.decorators.debug import sensitive_variables

from shopkit.core.errors import RateLimited
from shopkit.otp.codes import KeyRetired, derive, read_digits, server_keys
from shopkit.otp.conf import otp_settings
from shopkit.otp.errors import InvalidCode
from shopkit.otp.models import Challenge, ChallengeQuerySet

from .budgets import purses, spend


@dataclass(frozen=True)
class Verified:
    """Who holds ``destination`` has answered; what was handed to ``issue`` comes back.

    language -- that the code was written in
    """

    challenge: UUID
    destination: str
    channel: str
    user_ref: str
    payload: Mapping[str, Any]
    language: str = ""


@sensitive_variables("code")
def verify(
    *, challenge: UUID | str, code: str, purpose: str, user_ref: str | None = None
) -> Verified:
    """Use the code of a challenge up. Of any number of right answers at once one is accepted.

    The attempt is counted and committed before the code is looked at, so neither a crash nor a
    rollback nor many at once buy a guess. Therefore call it outside a transaction: inside one it
    raises RuntimeError, also under ATOMIC_REQUESTS (our views are exempt from that).

    code -- as it was typed; blanks, hyphens and digits of other scripts are understood, and the
        handle before it too
    purpose -- as given to ``issue``; a code for something else is not looked at
    user_ref -- where given, the challenge must be of that user

    Raises InvalidCode, whatever was wrong.
    """
    rows = _named(challenge).filter(purpose=purpose)
    if user_ref is not None:
        rows = rows.filter(user_ref=user_ref)
    is_counted = _count_attempt(rows)
    found = rows.first() if is_counted else None
    if not _is_right(found, code) or found is None or not _consume(rows):
        raise InvalidCode
    return Verified(
        challenge=found.pk,
        destination=found.destination,
        channel=found.channel,
        user_ref=found.user_ref,
        payload=found.payload,
        language=found.language,
    )


@sensitive_variables("code")
def verify_by_handle(*, code: str, purpose: str, client_address: str | None) -> Verified:
    """Use a code up that was typed in with its handle, where nobody knows the challenge.

    As nothing else stands between a guesser and everybody's live handles, tries are also counted
    per network address, right ones included.

    client_address -- as for ``issue``

    Raises RateLimited, or as ``verify`` does.
    """
    if client_address is not None:
        budget = purses("guesses", client_address, otp_settings().GUESSES_PER_ADDRESS)
        with transaction.atomic(durable=True):
            wait = spend(budget)
        if wait:
            raise RateLimited(retry_after=wait)
    challenge = find_by_handle(code=code, purpose=purpose)
    return verify(challenge=challenge or "", code=code, purpose=purpose)


@sensitive_variables("code")
def find_by_handle(*, code: str, purpose: str) -> UUID | None:
    """Return the live challenge whose handle begins ``code``; whether the rest is right is not
    looked at.
    """
    handle = read_digits(code)[: -otp_settings().CODE_LENGTH]
    if not handle:
        return None
    rows = Challenge.objects.live().filter(handle=handle, purpose=purpose)
    return rows.values_list("pk", flat=True).first()


def _named(challenge: UUID | str) -> ChallengeQuerySet:
    if not isinstance(challenge, UUID):
        try:
            challenge = UUID(challenge)
        except ValueError:
            return Challenge.objects.none()
    return Challenge.objects.filter(pk=challenge)


def _count_attempt(rows: ChallengeQuerySet) -> bool:
    # Durable: whatever happens next, in this process or to it, the attempt is spent.
    with transaction.atomic(durable=True):
        return bool(rows.guessable().update(attempts=F("attempts") + 1))


@sensitive_variables()
def _is_right(challenge: Challenge | None, code: str) -> bool:
    """Derive and compare also where there is nothing to compare with, for the same time."""
    given = read_digits(code)
    subject = challenge or Challenge(key_id=next(iter(server_keys())), length=6, is_decoy=True)
    try:
        right = derive(subject)
    except KeyRetired:
        right = ""
    if subject.handle and given.startswith(subject.handle) and len(given) > len(right):
        given = given.removeprefix(subject.handle)
    is_same = constant_time_compare(given, right)
    return is_same and bool(right) and not subject.is_decoy


def _consume(rows: ChallengeQuerySet) -> bool:
    """Compare-and-set: one of many finds the row still live."""
    return bool(rows.live().update(consumed_at=Now()))
