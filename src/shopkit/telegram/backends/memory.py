"""Messages in a list, for tests."""

from collections.abc import Mapping
from typing import Any

from .local import LocalBackend

outbox: list[dict[str, Any]] = []


class MemoryBackend(LocalBackend):
    """Keeps calls in ``outbox`` as {"method", and the parameters}; the newest stands last."""

    def keep(self, method: str, params: Mapping[str, Any]) -> None:
        """Append to ``outbox``."""
        outbox.append({"method": method, **params})
