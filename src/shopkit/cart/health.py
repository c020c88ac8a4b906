"""Does the cart store answer?"""

from shopkit.core.health import probe

from .services import cart_store


@probe("cart_store")
def store_answers() -> None:
    """Raise BackendError when it does not. Looking at a cart that nobody has stores nothing."""
    cart_store().read("probe")
