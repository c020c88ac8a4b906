"""Facts of payments."""

from shopkit.core.facts import Fact

payment_settled = Fact("payment.settled")  # carries payment_id, as text
