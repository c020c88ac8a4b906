"""Make the sizes that pictures lack."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shopkit.catalog.services.sizes import make_missing_sizes, unsized_images
from shopkit.core.management.bars import bar


class Command(BaseCommand):
    """Safe to run again and while the shop runs. Exit status 1 when some pictures failed."""

    help = "Make the sizes of all pictures that lack some, such as after a change of IMAGE_SIZES."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them and say how many there were."""
        with bar(self.stderr, "images", total=unsized_images().count()) as shown:
            seen = 0

            def watch(pk: int, failure: str) -> None:
                nonlocal seen
                seen += 1
                shown.advance(seen)
                if failure:
                    shown.say(f"image {pk}: {failure}")

            done, failed = make_missing_sizes(watch=watch)
        self.stdout.write(f"made the sizes of {done} images")
        if failed:
            raise CommandError(f"{failed} failed; see the lines above.", returncode=1)
