"""The way to Redis: one pool per process and options, and one kind of failure."""

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from shopkit.core.backends import load_callable
from shopkit.core.errors import BackendError

try:
    import redis
    from redis.backoff import NoBackoff
    from redis.connection import parse_url
    from redis.exceptions import RedisClusterException, RedisError
    from redis.retry import Retry
except ImportError:  # without the extra the module still imports; only its use is refused
    redis = None  # type: ignore[assignment]

logger = logging.getLogger("shopkit.cart")

LUA = Path(__file__).parent / "lua"
SCRIPTS = ("add", "set", "clear", "merge", "remove", "trace")


@dataclass(frozen=True)
class Reach:
    """How Redis is reached; the options of the store that concern the network.

    url -- "redis://user:password@host:port/number", rediss:// with TLS, or unix://
    client -- dotted path of a callable without arguments that returns a client; "" for a pool of
        ours to ``url``
    pool_size -- most connections of one process
    pool_timeout -- seconds to wait for one of them to be free
    timeout -- seconds for an answer
    connect_timeout -- seconds for a connection
    """

    url: str
    client: str
    pool_size: int
    pool_timeout: float
    timeout: float
    connect_timeout: float

    def __post_init__(self) -> None:
        if redis is None:
            raise ImproperlyConfigured(
                'Keeping carts in Redis needs redis: pip install "shopkit[redis]".'
            )
        if bool(self.url) == bool(self.client):
            raise ValueError("name either url or client.")
        if self.url:
            parse_url(self.url)  # type: ignore[no-untyped-call]  # raises ValueError for what is none
        if self.pool_size < 1:
            raise ValueError("pool_size must be at least 1.")
        if min(self.pool_timeout, self.timeout, self.connect_timeout) <= 0:
            raise ValueError("pool_timeout, timeout and connect_timeout must be above zero.")


class Server:
    """A client with our scripts; every failure of it is a BackendError."""

    def __init__(self, client: Any) -> None:
        if client.get_encoder().decode_responses:
            # A change would be made and its answer not understood.
            raise ImproperlyConfigured("The carts' client of Redis must not set decode_responses.")
        self._client = client
        common = (LUA / "common.lua").read_text()
        # A registered script is called by its hash; where the server lost it, it is sent again.
        self._scripts = {
            name: client.register_script(common + (LUA / f"{name}.lua").read_text())
            for name in SCRIPTS
        }

    def read(self, key: str) -> list[Any]:
        """Return a hash as flat bytes: field, value, field, value."""
        with _as_backend_error():
            found = self._client.hgetall(key)
        return [part for pair in found.items() for part in pair]

    def run(self, script: str, keys: Sequence[str], *args: str | int) -> Any:
        """Run one of SCRIPTS and return what it answers: its word first."""
        with _as_backend_error():
            return self._scripts[script](keys=keys, args=args)


class _Process:
    """The servers this process reaches; a store is built for every call, so they stand outside."""

    def __init__(self) -> None:
        self.begin()
        if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork either
            os.register_at_fork(after_in_child=self.begin)

    def begin(self) -> None:
        """Begin with none: a forked child makes connections of its own, and a lock nobody holds."""
        self.lock = threading.Lock()
        self.servers = dict[Reach, Server]()

    def server(self, reach: Reach) -> Server:
        """Return the server; of two threads that ask first, both get the same.

        A site's own client may ask the network when it is made: that fails as every other call
        does, and who waits for another thread's attempt waits no longer than for a connection.
        """
        if found := self.servers.get(reach):
            return found
        if not self.lock.acquire(timeout=reach.pool_timeout):
            raise BackendError
        try:
            if reach not in self.servers:
                with _as_backend_error():
                    self.servers[reach] = _connect(reach)
            return self.servers[reach]
        finally:
            self.lock.release()


_process = _Process()


def server(reach: Reach) -> Server:
    """Return this process's one server that is reached so."""
    return _process.server(reach)


def _connect(reach: Reach) -> Server:
    if reach.client:
        return Server(load_callable(reach.client)())
    pool = redis.BlockingConnectionPool.from_url(
        reach.url,
        max_connections=reach.pool_size,
        timeout=reach.pool_timeout,
        socket_timeout=reach.timeout,
        socket_connect_timeout=reach.connect_timeout,
        # A change may have been made though its answer was lost, so nothing is sent twice, and a
        # frozen server costs one timeout. What was closed while idle is noticed before it is used.
        retry=Retry(NoBackoff(), 0),
    )
    return Server(redis.Redis(connection_pool=pool))


@contextmanager
def _as_backend_error() -> Iterator[None]:
    try:
        yield
    except (RedisError, RedisClusterException, OSError) as error:
        # Refused, timed out, full, loading, a replica, no free connection: away is away.
        logger.warning("Redis failed the cart: %s: %s", type(error).__name__, error)
        raise BackendError from error
