"""Ids of ours that come back from outside."""

import uuid


def uuid_of(text: str) -> uuid.UUID | None:
    """Return the id that ``text`` spells, or None where it spells none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
