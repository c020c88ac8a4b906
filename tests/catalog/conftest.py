"""With SHOPKIT_TEST_CACHE=1 the same tests run on a shop that remembers its answers.

Every look is taken twice then, and what comes from memory must be what was worked out.
"""

import os
import re
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from rest_framework.test import APIClient

IS_REMEMBERING = os.environ.get("SHOPKIT_TEST_CACHE") == "1"


class LooksTwice(APIClient):
    """Nobody, who does not believe his eyes."""

    def get(self, path: str, *args: Any, **kwargs: Any) -> Any:
        """Return the first answer; the second is the same."""
        first = super().get(path, *args, **kwargs)
        is_remembered = "/api/" in path and not re.search("/(attributes|product-types)/", path)
        if not is_remembered:
            return first
        second = super().get(path, *args, **kwargs)
        assert second.status_code == first.status_code
        assert second.content == first.content
        assert dict(second.items()) == dict(first.items())
        return first


@pytest.fixture
def shopkeeper(staff: Any) -> Client:
    """The member of staff, signed in to the admin."""
    signed_in = Client()
    signed_in.force_login(staff)
    return signed_in


@pytest.fixture
def client() -> APIClient:
    """Nobody, speaking JSON."""
    return LooksTwice() if IS_REMEMBERING else APIClient()


if IS_REMEMBERING:

    @pytest.fixture(autouse=True)
    def forgetful(transactional_db: None) -> None:
        """Begin with nothing remembered, and really commit: renewals come after a commit."""
        caches["answers"].clear()
