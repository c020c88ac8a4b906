"""HTTP doorway of Telegram."""
