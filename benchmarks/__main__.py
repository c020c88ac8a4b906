"""Measure how fast the shop is: ``make bench``, or ``python -m benchmarks``.

For every size a catalogue is loaded into a database of its own (``shopkit_bench_<size>``), once;
later runs use it again. Needs DATABASE_URL, REDIS_URL and wrk.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import redis

from .databases import Database, server_url
from .report import markdown, write_into
from .servers import ROOT
from .workloads import NAMES

PACKAGES = ("shopkit", "Django", "djangorestframework", "psycopg", "gunicorn", "redis")
POSTGRESQL = ("server_version", "shared_buffers", "synchronous_commit", "jit")


def main() -> None:
    """Measure every size in a process of its own, then write what was found."""
    options = _options()
    if options.results:
        write_into(options.page, json.loads(options.results.read_text()))
        return
    databases = [Database(size, server_url(), options.prefix) for size in options.sizes]
    if options.drop:
        for database in databases:
            database.drop()
        return
    _require_tools()
    folder = Path(os.environ.get("SHOPKIT_VAR") or ROOT / "var") / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    results = _environment() | {
        "duration": options.duration,
        "sizes": [_in_child(database, options, folder) for database in databases],
    }
    kept = folder / f"{time.strftime('%Y-%m-%d-%H%M%S')}.json"
    kept.write_text(json.dumps(results, indent=1))
    print(f"results: {kept}")
    if options.page:
        write_into(options.page, results)
        print(f"written into {options.page}")
    else:
        print(markdown(results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[1_000, 100_000])
    parser.add_argument("--duration", type=float, default=3, help="seconds per point")
    parser.add_argument(
        "--only", nargs="*", default=[], choices=NAMES, help="these workloads", metavar="NAME"
    )
    parser.add_argument("--prefix", default="shopkit_bench", help="of the databases' names")
    parser.add_argument("--page", type=Path, help="Markdown to write the results into")
    parser.add_argument("--results", type=Path, help="write these again, measure nothing")
    parser.add_argument("--drop", action="store_true", help="throw the databases away, no more")
    return parser.parse_args()


def _require_tools() -> None:
    if not os.environ.get("REDIS_URL"):
        sys.exit("REDIS_URL must name a Redis server: redis://127.0.0.1:6379/0")
    if shutil.which("wrk") is None:
        sys.exit("The load comes from wrk, which is not installed: apt-get install wrk")


def _in_child(database: Database, options: argparse.Namespace, folder: Path) -> Any:
    print(f"{database.size} products", flush=True)
    if not database.is_loaded():
        database.create()
    out = folder / f".{database.name}.json"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "SHOPKIT_BENCH_DATABASE_URL": database.url,
    }
    command = [
        sys.executable, "-m", "benchmarks.one_size",
        str(out), str(database.size), options.prefix, str(options.duration), *options.only,
    ]  # fmt: skip
    # The command line is ours; nothing of it comes from outside.
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:  # noqa: S603
        sys.exit(f"Measuring {database.size} products failed; see above.")
    found = json.loads(out.read_text())
    out.unlink()
    return found


def _environment() -> dict[str, Any]:
    """Return what the figures depend on; nothing that names the machine or its owner."""
    with psycopg.connect(server_url()) as link:
        settings = "SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name"
        postgresql = dict(link.execute(settings, [list(POSTGRESQL)]).fetchall())
    server = redis.Redis.from_url(os.environ["REDIS_URL"]).info("server")
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "postgresql": postgresql,
        "redis": server["redis_version"],
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


if __name__ == "__main__":
    main()
