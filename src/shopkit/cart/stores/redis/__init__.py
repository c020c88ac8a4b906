"""Carts in Redis: every change one Lua script. Needs the extra ``redis``."""

from .store import RedisCartStore

__all__ = ["RedisCartStore"]
