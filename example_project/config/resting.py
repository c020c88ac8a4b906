"""Connections to a Redis that is left alone for a moment after it did not answer."""

import logging
import time
from collections.abc import Callable
from typing import Any

import redis

logger = logging.getLogger("shop.cache")

REST = 5.0  # seconds


class RestingConnection(redis.Connection):
    """One timeout in REST seconds and process, not one in every look into the cache.

    Each request asks the cache several times. While Redis is frozen, all of them but the first are
    refused at once, which django-redis takes for an empty cache.
    """

    awake_at = 0.0  # shared by all connections of the process, as they go to one server

    def connect(self) -> None:
        """Connect, or see that the connection stands; a pool asks so before every use."""
        if time.monotonic() < RestingConnection.awake_at:
            raise redis.ConnectionError("Redis did not answer a moment ago.")
        self._try(super().connect)

    def read_response(self, *args: Any, **kwargs: Any) -> Any:
        """Wait for an answer."""
        return self._try(super().read_response, *args, **kwargs)

    def _try(self, what: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return what(*args, **kwargs)
        except (redis.ConnectionError, redis.TimeoutError) as error:
            RestingConnection.awake_at = time.monotonic() + REST
            logger.warning("The cache is left alone for %s seconds: %s", REST, error)
            raise
