"""Fill the demo shop."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.services import STAFF, load_shop

try:
    from rich.console import Console
    from rich.progress import track
except ImportError:  # the "cli" extra brings it
    track = None


class Command(BaseCommand):
    """Safe to run again: it adds what is missing and deletes or changes nothing."""

    help = "Fill the demo shop: categories, products with stock, customers, one member of staff."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether published passwords are wanted outside DEBUG."""
        parser.add_argument(
            "--with-accounts",
            action="store_true",
            default=settings.DEBUG,
            help="Make the accounts although DEBUG is off and their passwords are published.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was added."""
        try:
            loaded = load_shop(with_accounts=options["with_accounts"], watch=self.watch)
        except ValidationError as error:
            raise CommandError(f"Nothing was added: {error}") from error
        added = [f"{one.kind} {one.added}" for one in loaded if one.added]
        totals = ", ".join(f"{one.total} {one.kind}" for one in loaded)
        if added:
            self.stdout.write(self.style.SUCCESS(f"Added: {', '.join(added)}."))
        else:
            self.stdout.write(f"The demo shop is complete ({totals}); nothing was changed.")
        if not options["with_accounts"]:
            self.stdout.write(
                f"DEBUG is off, so accounts with published passwords ({STAFF.username} and the "
                "customers) were left out: see --with-accounts and createsuperuser."
            )

    def watch(self, kind: str, missing: Sequence[Any]) -> Iterable[Any]:
        """Pass ``missing`` on under a bar, or say once what is being made."""
        if not missing:
            return missing
        if track is not None and self.stderr.isatty():
            return track(missing, kind.capitalize(), console=Console(stderr=True), transient=True)
        self.stdout.write(f"{kind.capitalize()}: {len(missing)} to add ...")
        self.stdout.flush()
        return missing
