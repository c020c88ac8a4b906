"""Facts of the stock."""

from shopkit.core.facts import Fact

# Carries variant_id, and as text the crossing: its name, because stock falls low more than once.
stock_low = Fact("inventory.stock_low")

# Carries variant_id: units of it can be had again, and somebody waits for them.
back_in_stock = Fact("inventory.back_in_stock")
# Carries wish_id (of a wish that has ended with this), variant_id, and as text the key of the user.
wish_granted = Fact("inventory.wish_granted")
