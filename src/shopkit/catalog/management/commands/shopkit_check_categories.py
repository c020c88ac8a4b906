"""Check that the category tree holds together."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shopkit.catalog.models import Category
from shopkit.catalog.services.tree import check_tree

SHOWN = 20


class Command(BaseCommand):
    """One query; changes nothing. Exit status 1 when something is wrong."""

    help = "Check that the category tree holds together; exit status 1 and a list when not."

    def handle(self, *args: Any, **options: Any) -> None:
        """List the first problems and the remedy, or say that there are none."""
        problems = check_tree()
        if not problems:
            self.stdout.write(f"{Category.objects.count()} categories, no problem")
            return
        lines = problems[:SHOWN]
        if more := len(problems) - len(lines):
            lines.append(f"... and {more} more")
        lines.append("Run `manage.py shopkit_rebuild_categories` to mend the tree.")
        raise CommandError("\n".join(lines))
