"""Do the work that comes round, on sites without Celery's beat."""

import signal
import time
from collections.abc import Mapping
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from shopkit.core.schedule import Timetable, jobs, run_all

TICK = 1.0  # seconds


class Command(BaseCommand):
    """Safe to run at any time, in several places at once, and beside a beat."""

    help = "Run every periodic job of the installed apps once, or keep running what is due."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one of the two ways, or a list of what there is."""
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--once", action="store_true", help="Run all of them now (the default).")
        way.add_argument("--loop", action="store_true", help="Run each when it is due, until told.")
        way.add_argument("--list", action="store_true", help="Only say what there is.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise CommandError when a job failed in a single run; a loop goes on."""
        if options["list"]:
            for job in jobs().values():
                self.stdout.write(f"{job.name}: every {job.every}")
        elif options["loop"]:
            self._loop()
        else:
            done = run_all()
            self._tell(done)
            if failed := [name for name, count in done.items() if count is None]:
                raise CommandError(f"Failed: {', '.join(failed)}. The log says why.")

    def _loop(self) -> None:
        """Go on until SIGTERM or Ctrl-C; the job that runs then is finished first."""
        told_to_stop = False

        def stop(_signal: int, _frame: FrameType | None) -> None:
            nonlocal told_to_stop
            told_to_stop = True

        before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
        timetable = Timetable()
        try:
            while not told_to_stop:
                self._tell(timetable.run_due(until=lambda: told_to_stop))
                # A database that was away is found again by a fresh connection.
                connections.close_all()
                time.sleep(TICK)
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _tell(self, done: Mapping[str, int | None]) -> None:
        for name, count in done.items():
            if count:
                self.stdout.write(f"{name}: {count}")
