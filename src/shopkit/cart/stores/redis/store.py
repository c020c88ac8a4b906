"""The store itself: owners become keys, answers of scripts become carts."""

import re
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NoReturn

from django.db.models.functions import Now

from shopkit.cart.conf import cart_settings
from shopkit.cart.models import CartTrace
from shopkit.cart.owners import GUEST
from shopkit.cart.stores.base import (
    LOST_CART,
    NO_CART,
    CartLineState,
    CartState,
    CartStore,
    CeilingReached,
    Limits,
    LineMissing,
    MergeResult,
    Moved,
    TooManyLines,
    new_version,
)
from shopkit.core.purge import delete_all

from .connections import Reach, Server, server

LINE = b"line:"
# How long an order's news is known to be old; facts are retried for hours, orders remember longer.
NOTE_LIFETIME = timedelta(days=7)
# A trace is renewed this often by a cart in use, so that those of left carts can be told.
TRACE_EVERY = timedelta(days=30)


class RedisCartStore(CartStore):
    """Keeps each cart in one hash that expires by itself; every change is one Lua script.

    url -- "redis://user:password@host:port/number", rediss:// with TLS, or unix://
    client -- instead of ``url``: dotted path of a callable without arguments that returns a client
        of redis-py, for Redis Cluster or Sentinel; called once per process. Its timeouts and pool
        are then its own business
    prefix -- begins every key; its part in braces is the hash tag that keeps all carts in one slot
        of a Redis Cluster, because a merge changes two of them in one step
    user_lifetime -- a signed-in user's untouched cart expires after this; None for never. A guest's
        expires after ``CART["GUEST_LIFETIME"]``
    pool_size -- most connections of one process
    pool_timeout -- seconds to wait for one of them to be free
    timeout -- seconds to wait for an answer
    connect_timeout -- seconds to wait for a connection

    That a user has a cart is also noted in the database, once per cart and month, so that a cart
    which Redis lost is told from one that never was.
    """

    def __init__(  # noqa: PLR0913 - the setting's OPTIONS
        self,
        *,
        url: str = "",
        client: str = "",
        prefix: str = "{shopkit}:",
        user_lifetime: timedelta | None = timedelta(days=365),
        pool_size: int = 20,
        pool_timeout: float = 1.0,
        timeout: float = 1.0,
        connect_timeout: float = 1.0,
    ) -> None:
        if not re.match(r"[^{]*\{[^}]+\}", prefix):
            raise ValueError("prefix needs a hash tag in braces, such as {shopkit}:.")
        if user_lifetime is not None and user_lifetime <= timedelta(0):
            raise ValueError("user_lifetime must be longer than nothing, or None.")
        self.reach = Reach(url, client, pool_size, pool_timeout, timeout, connect_timeout)
        self.prefix = prefix
        self.user_lifetime = user_lifetime

    @property
    def server(self) -> Server:
        """This process's connections; the store itself is built for every call."""
        return server(self.reach)

    def tidy(self) -> int:
        """Delete the traces of carts that have expired: nobody is to be told of these any more."""
        if self.user_lifetime is None:
            return 0
        age = self.user_lifetime + TRACE_EVERY
        return delete_all(CartTrace.objects.filter(seen_at__lt=Now() - age))

    def fetch(self, owner: str) -> CartState:
        """One command, so version and lines belong together."""
        return self._state(owner, self.server.read(self._key(owner)))

    def increase(
        self, owner: str, *, variant_id: int, quantity: int, price: Decimal, limits: Limits
    ) -> CartState:
        """Create the cart where there is none."""
        answer = self._change(
            "add", owner, limits.ceiling, limits.max_lines, variant_id, quantity, f"{price:f}"
        )
        return self._changed(owner, answer, variant_id)

    def assign(
        self, owner: str, *, variant_id: int, quantity: int, price: Decimal, limits: Limits
    ) -> CartState:
        """Change one line of a cart that is there."""
        answer = self._change("set", owner, limits.ceiling, variant_id, quantity, f"{price:f}")
        return self._changed(owner, answer, variant_id)

    def empty(self, owner: str) -> None:
        """Keep the hash, so that a guest's cart is not taken for lost."""
        self._change("clear", owner)

    def move(
        self, source: str, target: str, *, ceilings: Mapping[int, int], limits: Limits
    ) -> MergeResult:
        """One script reads both, deletes the one and writes the other."""
        answer = self.server.run(
            "merge",
            [self._key(source), self._key(target)],
            new_version(),
            self._milliseconds(target),
            limits.ceiling,
            limits.max_lines,
            *_flat(ceilings),
        )
        moved = iter(answer[2])
        became = {
            int(variant): Moved(added=int(added), dropped=int(dropped))
            for variant, added, dropped in zip(moved, moved, moved, strict=True)
        }
        return MergeResult(self._state(target, answer[1]), became)

    def subtract(self, owner: str, quantities: Mapping[int, int], *, reference: str) -> None:
        """Note the reference in the same script, also for a cart that is not there."""
        note = f"{self.prefix}ordered:{len(owner)}:{owner}:{reference}"
        self.server.run(
            "remove",
            [self._key(owner), note],
            new_version(),
            self._milliseconds(owner),
            _milliseconds(NOTE_LIFETIME),
            *_flat(quantities),
        )

    def _key(self, owner: str) -> str:
        return f"{self.prefix}cart:{owner}"

    def _milliseconds(self, owner: str) -> int:
        """Return how long the owner's cart lives untouched; 0 for ever."""
        guest = owner.startswith(GUEST)
        return _milliseconds(cart_settings().GUEST_LIFETIME if guest else self.user_lifetime)

    def _change(self, script: str, owner: str, *args: str | int) -> Any:
        keys, version = [self._key(owner)], new_version()
        return self.server.run(script, keys, version, self._milliseconds(owner), *args)

    def _changed(self, owner: str, answer: Any, variant_id: int) -> CartState:
        """Return the cart after a change, or raise what the script refused it for."""
        if answer[0] != b"ok":
            _refuse(answer, variant_id)
        return self._state(owner, answer[1])

    def _state(self, owner: str, flat: list[bytes]) -> CartState:
        """Read a hash; a user's cart is traced, and missed where there is a trace but no hash."""
        found = dict(zip(flat[::2], flat[1::2], strict=True))
        if not found:
            return self._missed(owner)
        if not owner.startswith(GUEST):
            self._trace(owner, traced=int(found[b"traced"]))
        lines = MappingProxyType(dict(_lines(found)))
        return CartState(version=found[b"version"].decode(), lines=lines, exists=True)

    def _missed(self, owner: str) -> CartState:
        if owner.startswith(GUEST):
            return NO_CART
        return LOST_CART if CartTrace.objects.filter(owner=owner).exists() else NO_CART

    def _trace(self, owner: str, *, traced: int) -> None:
        """Note in the database that this cart exists, unless that was noted not long ago.

        The mark in Redis comes second, so a crash in between costs a second note and no more.
        """
        today = int(time.time() // timedelta(days=1).total_seconds())
        if today - traced < TRACE_EVERY.days:
            return
        CartTrace.objects.bulk_create(
            [CartTrace(owner=owner)],
            update_conflicts=True,
            unique_fields=["owner"],
            update_fields=["seen_at"],
        )
        self.server.run("trace", [self._key(owner)], today)


def _refuse(answer: Any, variant_id: int) -> NoReturn:
    if answer[0] == b"ceiling":
        raise CeilingReached(int(answer[1]))
    if answer[0] == b"lines":
        raise TooManyLines
    raise LineMissing(variant_id)


def _lines(found: Mapping[bytes, bytes]) -> Iterable[tuple[int, CartLineState]]:
    """Return the lines of a hash by variant, in the order in which they were put in."""
    texts = {
        int(field[len(LINE) :]): text.decode().split(" ")
        for field, text in found.items()
        if field.startswith(LINE)
    }
    for variant, (_, quantity, price) in sorted(texts.items(), key=lambda item: int(item[1][0])):
        yield variant, CartLineState(int(quantity), Decimal(price))


def _milliseconds(lifetime: timedelta | None) -> int:
    return 0 if lifetime is None else max(1, int(lifetime.total_seconds() * 1000))


def _flat(pairs: Mapping[int, int]) -> list[int]:
    return [number for pair in pairs.items() for number in pair]
