"""Ways a code can go: text message, Telegram, e-mail. Chosen by dotted path in the settings."""
