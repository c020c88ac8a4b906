"""Facts of orders; each carries ``order_id``."""

from shopkit.core.facts import Fact

order_placed = Fact("order.placed")
order_moved = Fact("order.moved")  # carries event_id too: which move it was
order_cancelled = Fact("order.cancelled")
