"""Ways to the Bot API, and stand-ins for it."""
