"""News of accounts; connected where shopkit.accounts is installed."""

from shopkit.accounts.facts import account_created
from shopkit.notifications.services import accounts


@account_created.subscribe
def tell_welcome(user: str) -> None:
    """Greet a new user in his inbox."""
    accounts.tell_welcome(user)
