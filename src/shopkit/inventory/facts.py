"""Facts of the stock."""

from shopkit.core.facts import Fact

# Carries variant_id, and as text the crossing: its name, because stock falls low more than once.
stock_low = Fact("inventory.stock_low")
