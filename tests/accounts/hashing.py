"""A password hasher that says how often it was asked."""

from typing import Any

from django.contrib.auth.hashers import MD5PasswordHasher

asked: list[str] = []


class CountingHasher(MD5PasswordHasher):
    """MD5, counted."""

    algorithm = "counted"

    def encode(self, password: str, salt: str, **kwargs: Any) -> str:
        """Count and hash."""
        asked.append(password)
        return super().encode(password, salt, **kwargs)
