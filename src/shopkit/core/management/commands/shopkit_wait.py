"""Wait until what the site leans on answers."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shopkit.core.health import known_probes, readiness
from shopkit.core.logs import clean

PAUSE = 0.5  # seconds


class Command(BaseCommand):
    """For entry points of containers and units: a server that starts late is no failure.

    Raises CommandError, naming what is down, when the time is up.
    """

    help = "Wait until the named probes answer, such as database and migrations; or all that count."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take names and a time."""
        parser.add_argument("probes", nargs="*", metavar="PROBE")
        parser.add_argument("--seconds", type=float, default=60)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask again and again, and say once what is waited for."""
        names = options["probes"] or None
        if unknown := sorted(set(names or ()) - known_probes().keys()):
            raise CommandError(f"There is no probe {', '.join(unknown)}.")
        deadline = time.monotonic() + options["seconds"]
        told: list[str] = []
        while missing := _missing(names):
            if time.monotonic() >= deadline:
                why = "; ".join(f"{name}: {trouble}" for name, trouble in missing.items())
                raise CommandError(f"Not there after {options['seconds']:g} seconds: {clean(why)}")
            if list(missing) != told:
                told = list(missing)
                self.stdout.write(f"Waiting for {', '.join(told)} ...")
                self.stdout.flush()
            time.sleep(PAUSE)


def _missing(names: list[str] | None) -> dict[str, str]:
    """A probe that is named counts, be it optional."""
    found = readiness(names)
    if found.is_ready and not names:
        return {}
    return {name: found.troubles[name] for name in found.down}
