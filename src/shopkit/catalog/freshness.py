"""When did the catalogue change? One token per subject, a new one after each commit of a change.

What is remembered of the catalogue is kept with the token that was read before its rows, and is
good as long as the token is still that one. Tokens are random, so that one which got lost, with
its cache or by eviction, never comes back as an old one.

Whoever writes with the ORM need not think of it: the querysets and the receivers of the catalogue
do. Who writes with SQL calls ``catalog_changed()`` afterwards.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from shopkit.core.quiet_cache import QuietCache

from .conf import catalog_settings

PRODUCTS = "products"
TREE = "tree"
ALL = frozenset({PRODUCTS, TREE})
# The tree shows categories and counts listings; products show something of everything.
SEEN_IN_TREE = frozenset({"category", "listing"})

# (alias of the cache, subject) whose new token is not written yet. Each is taken out before its
# token is written, by whichever thread: what another one adds meanwhile stays, or is older.
_owed: set[tuple[str, str]] = set()


def catalog_changed(subjects: Collection[str] = ALL, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make everything that is remembered of ``subjects`` old when the transaction commits.

    Outside of a transaction, at once. Many changes in one transaction cost one renewal.

    using -- the database that was written to
    """
    if catalog_settings().CACHE is None:
        return
    renewal = _Renewal(frozenset(subjects))
    if not renewal.is_due_already(using):
        transaction.on_commit(renewal, using=using, robust=True)


def subjects_of(model: Any) -> frozenset[str]:
    """Return what a row of ``model`` is seen in."""
    return ALL if model._meta.model_name in SEEN_IN_TREE else frozenset({PRODUCTS})


def token_key(subject: str) -> str:
    """Return where the token of a subject stands in the cache."""
    return f"shopkit:catalog:{subject}"


def read_with_token(cache: QuietCache, subject: str, key: str) -> tuple[str, object]:
    """Return the subject's token and what the cache has under ``key``, or None.

    A token that is missing is made. "" when the cache does not work: keep nothing then.
    """
    _pay(cache)
    place = token_key(subject)
    found = cache.get_many([place, key])
    token = found.get(place)
    if token is None:
        token = _made_token(cache, place)
    return token, found.get(key)


def _made_token(cache: QuietCache, place: str) -> str:
    """Of several that find it missing one adds it, and all go by that one."""
    token = _new_token()
    if not cache.add(place, token, seconds=None):
        token = str(cache.get_many([place]).get(place, ""))
    if not token:  # a cache that keeps nothing, or that hides its failures
        cache.leave_alone("it keeps nothing")
    return token


@dataclass(frozen=True)
class _Renewal:
    """Gives subjects new tokens; made to run after a commit."""

    subjects: frozenset[str]

    def __call__(self) -> None:
        alias = catalog_settings().CACHE
        if alias is not None:
            _owe(alias, self.subjects)
            _pay(QuietCache(alias))

    def is_due_already(self, using: str) -> bool:
        """Say whether the same stands among the last things to do after the commit.

        It must belong to the savepoints that are open now, or to some of them: what rolls it back
        rolls the new change back too.
        """
        connection = connections[using]
        waiting: Any = connection.run_on_commit[-10:]
        return any(
            isinstance(call, _Renewal)
            and call.subjects >= self.subjects
            and set(savepoints) <= set(connection.savepoint_ids)
            for savepoints, call, _robust in waiting
        )


def _owe(alias: str, subjects: Collection[str]) -> None:
    for subject in subjects:
        _owed.add((alias, subject))


def _pay(cache: QuietCache) -> None:
    owed = [subject for alias, subject in tuple(_owed) if alias == cache.alias]
    for subject in owed:
        _owed.discard((cache.alias, subject))
    if owed and not cache.set_many(_new_tokens(owed), seconds=None):
        _owe(cache.alias, owed)


def _new_tokens(subjects: Collection[str]) -> Mapping[str, str]:
    return {token_key(subject): _new_token() for subject in subjects}


def _new_token() -> str:
    return secrets.token_urlsafe(12)
