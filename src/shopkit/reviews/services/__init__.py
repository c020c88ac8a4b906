"""Use cases of reviews and likes."""

from .leaving import forget_user
from .likes import like, liked_by, unlike
from .moderating import moderate_review
from .tallies import recount
from .writing import (
    Words,
    create_review,
    delete_review,
    forget_withdrawals,
    update_review,
)

__all__ = [
    "Words",
    "create_review",
    "delete_review",
    "forget_user",
    "forget_withdrawals",
    "like",
    "liked_by",
    "moderate_review",
    "recount",
    "unlike",
    "update_review",
]
