"""Django's cache for what can be worked out again: it may be slow, full or gone, never in the way.

A cache that fails is left alone for a moment, so that requests do not wait for its timeouts one
after the other, and is complained about once a minute.
"""

import logging
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from django.core.cache import caches

logger = logging.getLogger("shopkit.cache")
Result = TypeVar("Result")

PAUSE = 1.0  # seconds without a try after a failure
COMPLAIN_EVERY = 60.0  # seconds

_paused_until: dict[str, float] = {}
_complained_at: dict[str, float] = {}


class QuietCache:
    """One of the site's caches by its alias; a failure looks like an empty cache."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def get_many(self, keys: Collection[str]) -> Mapping[str, Any]:
        """Return those of ``keys`` that there are, in one round trip where the cache can."""
        return self._try(lambda cache: cache.get_many(keys), {})

    def set_many(self, values: Mapping[str, Any], *, seconds: float | None) -> bool:
        """Store ``values`` and say whether that went well.

        seconds -- how long they live; None: as long as the cache likes
        """
        return not self._try(lambda cache: cache.set_many(values, timeout=seconds), [*values])

    def add(self, key: str, value: Any, *, seconds: float | None) -> bool:
        """Store ``value`` unless the key is there, and say whether it was not."""
        return bool(self._try(lambda cache: cache.add(key, value, timeout=seconds), None))

    def delete(self, key: str) -> None:
        """Forget ``key``."""
        self._try(lambda cache: cache.delete(key), None)

    def leave_alone(self, reason: str) -> None:
        """Ask it nothing for a moment; say why, once a minute. A pause is never made longer."""
        now = time.monotonic()
        if now < _paused_until.get(self.alias, 0.0):
            return
        _paused_until[self.alias] = now + PAUSE
        if now >= _complained_at.get(self.alias, -COMPLAIN_EVERY) + COMPLAIN_EVERY:
            _complained_at[self.alias] = now
            logger.warning("The cache %r does not work: %s", self.alias, reason)

    def _try(self, call: Callable[[Any], Result], otherwise: Result) -> Result:
        if time.monotonic() < _paused_until.get(self.alias, 0.0):
            return otherwise
        try:
            return call(caches[self.alias])
        except Exception as error:  # noqa: BLE001 - every client of every server has its own
            self.leave_alone(type(error).__name__)
            return otherwise
