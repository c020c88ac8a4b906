"""Facts of Telegram."""

from shopkit.core.facts import Fact

update_received = Fact("telegram.update_received")  # carries update_id: Telegram's, not ours
