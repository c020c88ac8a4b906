"""Telegram: updates of the bot are kept and routed, messages sent. Whose a chat is, others know."""
