"""Delete the files of pictures that no row names."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shopkit.catalog.services.orphans import delete_orphan, find_orphans


class Command(BaseCommand):
    """Safe to run at any time: what is younger than a day stays."""

    help = "Delete files of pictures that are a day old and that no row names."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether this is a rehearsal."""
        parser.add_argument("--dry-run", action="store_true", help="Name them, delete nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Name each file, then say how many there were."""
        is_rehearsal = options["dry_run"]
        number = 0
        for name in find_orphans() if is_rehearsal else find_orphans(then=delete_orphan):
            self.stdout.write(name)
            number += 1
        rehearsal = " (dry run: nothing has been deleted)" if is_rehearsal else ""
        self.stdout.write(f"{number} files that no picture needs{rehearsal}")
