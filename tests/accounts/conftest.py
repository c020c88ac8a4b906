"""Fixtures of accounts."""

from typing import Any

import pytest

from .calls import log_in, make_user


@pytest.fixture
def anna(db: None) -> Any:
    """A user that the site had before shopkit came."""
    return make_user("anna")


@pytest.fixture
def tokens(anna: Any) -> dict[str, Any]:
    """Anna's session on one device."""
    return log_in("anna")
