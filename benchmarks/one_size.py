"""Measure one size: ``python -m benchmarks.one_size OUT SIZE PREFIX DURATION [WORKLOAD ...]``.

A process of its own, because a process has one Django, and that has one database. The environment
names it; see __main__.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from .databases import Database, server_url  # noqa: E402 - Django comes first
from .measuring import Run, measure  # noqa: E402


def main(out: str, size: str, prefix: str, duration: str, *only: str) -> None:
    """Write what was found to the file ``out``."""
    database = Database(int(size), server_url(), prefix)
    found = measure(Run(database, float(duration), only))
    Path(out).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
