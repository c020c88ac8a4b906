"""Fetch updates from Telegram and have them handled, where no webhook can reach the site."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shopkit.core.facts import deliver_due
from shopkit.telegram.bot import configured_bot
from shopkit.telegram.errors import TelegramRejected, TelegramUnavailable
from shopkit.telegram.services.polling import fetch_updates

PAUSE = 3


class Command(BaseCommand):
    """For development. A bot has either a webhook or polling, never both."""

    help = "Fetch the bot's updates until Ctrl-C, and have them handled."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be chosen."""
        parser.add_argument("--once", action="store_true", help="take what waits, then stop")
        parser.add_argument(
            "--wait", type=int, default=25, help="seconds that one call waits for an update"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Poll."""
        try:
            if options["once"]:
                self._once()
            else:
                self._for_ever(options["wait"])
        except KeyboardInterrupt:
            self.stdout.write("stopped")
        except TelegramRejected as error:
            raise CommandError(
                f"Telegram refused ({error.error_code} {error.description}). With 409, run "
                "shopkit_telegram_webhook delete first, or stop the other program that polls."
            ) from None

    def _once(self) -> None:
        bot = configured_bot()
        count, offset = fetch_updates(bot)
        if count:
            # Asking for what comes next tells Telegram that these are received.
            fetch_updates(bot, offset=offset)
        deliver_due()
        self.stdout.write(f"received {count}")

    def _for_ever(self, wait: int) -> None:
        bot, offset = configured_bot(), 0
        self.stdout.write("polling; Ctrl-C stops")
        while True:
            started = time.monotonic()
            try:
                count, offset = fetch_updates(bot, offset=offset, wait=wait)
            except TelegramUnavailable as error:
                count = 0
                self.stderr.write(f"{error} ({error.code})")
                time.sleep(error.details.get("retry_after", PAUSE))
            deliver_due()  # what failed before may be due again
            if not count and time.monotonic() - started < 1:
                time.sleep(1)  # a stand-in answers at once
