"""What follows from facts, outside of the request that caused them."""

from .facts import account_changed, account_created, registration_begun
from .services import notices


@registration_begun.subscribe
def tell_known(challenge: str) -> None:
    """Tell the owner of an address that somebody wants to register with."""
    notices.tell_known(challenge=challenge)


@account_created.subscribe
def welcome(user: str) -> None:
    """Greet a new user."""
    notices.welcome(user=user)


@account_changed.subscribe
def tell_change(user: str, kind: str, challenge: str) -> None:
    """Tell a user what was changed."""
    notices.tell_change(user=user, kind=kind, challenge=challenge)
