"""Idempotency keys: the same key and body, the same answer, byte for byte.

The key's row is inserted first in the transaction that does the work, so a crash or a refusal
erases both and the client may try again. A twin that arrives meanwhile waits for that
transaction on the unique constraint, then finds the stored answer.

Source: draft-ietf-httpapi-idempotency-key-header-07 and Stripe's published rules.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, router
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .conf import api_settings
from .errors import Refusal
from .inserts import insert_if_new
from .models import IdempotencyKey, IdempotencyKeyQuerySet
from .purge import delete_all
from .transactions import whole_transaction

LEASE = timedelta(minutes=2)
STORE = f"""
    UPDATE {IdempotencyKey._meta.db_table} SET status = %s, body = %s
    WHERE principal = %s AND route = %s AND key = %s AND body = '' AND attempt = %s
"""  # noqa: S608 - the name of our own table


class KeyReused(Refusal):
    """The key was used with another body; answered with 422."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was already used with a different request.")


class KeyInUse(Refusal):
    """The first call with this key is still running."""

    code = "idempotency_key_in_use"
    message = _("A request with this Idempotency-Key is still running. Try again.")


@dataclass(frozen=True)
class Answer:
    """What a call answered: an HTTP status and the bytes of its body, as text."""

    status: int
    body: str


@dataclass(frozen=True)
class Once:
    """One call under one key: run it, or give the answer it was given before.

    principal -- who asks, unhashed: "user:5", "cart:<token>"
    route -- name of the call
    key -- the client's key, or "" for none: then the call just runs in a transaction
    fingerprint -- see ``fingerprint_of``
    """

    principal: str
    route: str
    key: str
    fingerprint: str

    def run(self, action: Callable[[], Answer]) -> Answer:
        """Run ``action`` in one transaction with the key's row, or replay.

        A transaction that gave way to another is tried again, so ``action`` must do nothing but
        write. Raises KeyReused (other body) and KeyInUse; whatever ``action`` raises passes through
        and leaves no trace of the key.
        """
        return self._run(action)

    @whole_transaction
    def _run(self, action: Callable[[], Answer]) -> Answer:
        if not self.key:
            return action()
        if not self._insert(running_until=None):
            return self._stored()
        return self._store(action())

    def run_around(self, action: Callable[[], Answer]) -> Answer:
        """Run an ``action`` that talks to the world outside, in transactions of its own; or replay.

        The key is committed as running, for at most ``LEASE``, before the action begins: after
        that time a crash is assumed and the call may be made again, so the action must use the
        provider's own idempotency. Raises as ``run`` does.
        """
        if not self.key:
            return action()
        attempt = 1 if self._insert(running_until=Now() + LEASE) else self._take_over()
        if not attempt:
            return self._stored()
        try:
            answer = action()
        except BaseException:
            self._rows().filter(body="", attempt=attempt).delete()
            raise
        return self._store(answer, attempt=attempt)

    def answered(self) -> Answer | None:
        """Return the answer that this key was given, if it was; nothing is run.

        Raises KeyReused (other body).
        """
        try:
            return self._stored() if self.key else None
        except KeyInUse:  # or never used at all
            return None

    def _rows(self) -> IdempotencyKeyQuerySet:
        return IdempotencyKey.objects.filter(**self._names())

    def _names(self) -> dict[str, str]:
        who = hashlib.sha256(self.principal.encode()).hexdigest()
        return {"principal": who, "route": self.route, "key": self.key}

    def _insert(self, *, running_until: Any) -> bool:
        """Say whether the key is ours now; a twin's open transaction is waited for."""
        fresh = IdempotencyKey(
            **self._names(),
            fingerprint=self.fingerprint,
            running_until=running_until,
            expires_at=Now() + api_settings().IDEMPOTENCY_LIFETIME,
        )
        if insert_if_new(fresh):
            return True
        return bool(self._rows().expired().delete()[0]) and insert_if_new(fresh)

    def _take_over(self) -> int:
        """Take over a call whose lease has run out; return the number of our attempt, or 0."""
        left = self._rows().filter(body="", fingerprint=self.fingerprint, running_until__lte=Now())
        before = left.values_list("attempt", flat=True).first()
        if before is None:
            return 0
        mine = left.filter(attempt=before)
        taken = mine.update(attempt=before + 1, running_until=Now() + LEASE)
        return before + 1 if taken else 0

    def _stored(self) -> Answer:
        row = self._rows().first()
        if row is not None and row.fingerprint != self.fingerprint:
            raise KeyReused
        if row is None or not row.body:
            raise KeyInUse
        return Answer(row.status, row.body)

    def _store(self, answer: Answer, *, attempt: int = 1) -> Answer:
        """Keep the answer, unless the call was taken over meanwhile: then that one's counts."""
        given: list[Any] = [answer.status, answer.body, *self._names().values(), attempt]
        with connections[router.db_for_write(IdempotencyKey)].cursor() as cursor:
            cursor.execute(STORE, given)
        return answer


def forget_expired() -> int:
    """Delete the answers that are no longer promised to be replayed; return how many.

    They tell who bought what, so they are not kept longer than needed.
    """
    return delete_all(IdempotencyKey.objects.expired())


def fingerprint_of(body: Any) -> str:
    """Return the hash of a validated body; member order does not matter."""
    text = json.dumps(body, sort_keys=True, cls=DjangoJSONEncoder, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_key(given: str | None) -> str:
    """Return the key of an ``Idempotency-Key`` header, bare or quoted; "" for none.

    Raises ValidationError for a key that is not 1-255 printable ASCII characters, or for none
    where the site requires one.
    """
    if given is None:
        if api_settings().IDEMPOTENCY_REQUIRED:
            raise ValidationError(
                _("This call needs an Idempotency-Key header."), code="idempotency_key_required"
            )
        return ""
    key = given.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not 1 <= len(key) <= 255 or not (key.isascii() and key.isprintable()):
        raise ValidationError(
            _("Idempotency-Key must be 1 to 255 printable characters."),
            code="invalid_idempotency_key",
        )
    return key
