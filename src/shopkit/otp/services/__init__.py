"""One-time codes: ask for one, send it, check it, withdraw it."""

from .budgets import unlock
from .issuing import Issued, is_served, issue
from .keeping import give_back, note, purge, void
from .sending import send
from .verifying import Verified, find_by_handle, verify, verify_by_handle

__all__ = [
    "Issued",
    "Verified",
    "find_by_handle",
    "give_back",
    "is_served",
    "issue",
    "note",
    "purge",
    "send",
    "unlock",
    "verify",
    "verify_by_handle",
    "void",
]
