"""Tell Telegram where to post updates."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shopkit.telegram.backends.base import TelegramBackend
from shopkit.telegram.bot import configured_bot
from shopkit.telegram.checks import SECRET
from shopkit.telegram.conf import telegram_settings
from shopkit.telegram.errors import TelegramError

SHOWN = (
    "url",
    "pending_update_count",
    "last_error_date",
    "last_error_message",
    "max_connections",
    "allowed_updates",
)


class Command(BaseCommand):
    """Set, delete or show the bot's webhook."""

    help = "Set, delete or show the webhook of the bot."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be done."""
        parser.add_argument("action", choices=("set", "delete", "info"))
        parser.add_argument(
            "url", nargs="?", default="", help="https://<site>/<mount>/telegram/webhook/, for set"
        )
        parser.add_argument(
            "--drop", action="store_true", help="throw away the updates that wait at Telegram"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what Telegram knows then."""
        bot = configured_bot()
        try:
            if options["action"] == "set":
                self._set(bot, options["url"], drop=options["drop"])
            elif options["action"] == "delete":
                bot.delete_webhook(drop=options["drop"])
            found = bot.get_webhook()
        except TelegramError as error:
            reason = f"{error.error_code} {error.description}".strip("0 ") or str(error)
            raise CommandError(f"Telegram: {reason}") from None
        for name in SHOWN:
            if name in found:
                self.stdout.write(f"{name}: {found[name] or '-'}")

    def _set(self, bot: TelegramBackend, url: str, *, drop: bool) -> None:
        settings = telegram_settings()
        if not url.startswith("https://"):
            raise CommandError("Name the whole address of the webhook; Telegram wants https://.")
        if not SECRET.fullmatch(settings.WEBHOOK_SECRET):
            raise CommandError('Set SHOPKIT["TELEGRAM"]["WEBHOOK_SECRET"] first.')
        bot.set_webhook(
            url,
            secret=settings.WEBHOOK_SECRET,
            allowed_updates=settings.ALLOWED_UPDATES,
            drop=drop,
        )
