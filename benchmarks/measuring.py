"""One size, measured from end to end: the shop plain and cached, and every floor beside it."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from . import carts, insight, loading, workloads
from .databases import Database
from .floors.sql import TABLES
from .load import (
    CLIENTS,
    QUIET_SHARE,
    WARM_UP,
    WARM_UP_LEAST,
    Measured,
    Operation,
    Rush,
    drive,
    get,
    read,
    rush,
)
from .servers import ROOT, Server, serving
from .workloads import READS, Read, Shop

SHOP = "django.core.wsgi:get_wsgi_application()"
CONSTANT = "benchmarks.floors.constant:application()"
BARE = "benchmarks.floors.bare:application"
PROFILED = 40  # operations
MOST_ORDERS_PER_SECOND = 700  # carts are prepared for as many

Found = dict[str, Any]


@dataclass
class Run:
    """What is being measured.

    duration -- seconds per point, at 16 clients
    only -- names of workloads; empty for all
    """

    database: Database
    duration: float
    only: Collection[str] = ()
    found: Found = field(default_factory=dict)

    def wants(self, name: str) -> bool:
        """Say whether the workload ``name`` is asked for."""
        return not self.only or name in self.only

    def reads(self) -> Iterator[tuple[str, Read]]:
        """Yield the read workloads that are asked for."""
        return ((name, one) for name, one in READS.items() if self.wants(name))

    def point(self, name: str, target: str, measured: Measured) -> None:
        """Keep what was measured."""
        self.found.setdefault(name, {})[target] = asdict(measured)
        print(f"  {name:<20} {target:<10} {measured.per_second:8.1f}/s  "
              f"p50 {measured.p50:6.2f} ms  cpu {measured.cpu:6.2f} ms  broken {measured.broken}",
              flush=True)  # fmt: skip


def measure(run: Run) -> Found:
    """Load what is missing, measure, and return everything that was found."""
    loading.prepare(run.database)
    begun, busy = time.time(), busy_share()
    _shop(run)
    _cached(run)
    _constant(run)
    _bare(run)
    _pgbench(run)
    loading.tidy(run.database)
    return {
        "size": run.database.size,
        "busy": busy,
        "seconds": time.time() - begun,
        "workloads": run.found,
    }


def busy_share(seconds: float = 1) -> float:
    """Return how much of the machine others use just now, 0 to 1."""

    def ticks() -> tuple[int, int]:
        values = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))
        return sum(values), values[3] + values[4]

    total, idle = ticks()
    time.sleep(seconds)
    total_now, idle_now = ticks()
    return 1 - (idle_now - idle) / max(1, total_now - total)


# --- the shop -------------------------------------------------------------------------------------


def _shop(run: Run) -> None:
    _reset(run)
    with serving(SHOP, {"SHOPKIT_BENCH_CACHE": ""}) as server:
        shop = Shop(run.database.size, server)
        for name, workload in run.reads():
            paths = workload.paths(shop)
            run.found[name] = {"body": len(get(server, paths[0]).body)}
            _look_inside(run, name, cycle(workloads.operations_of(paths)))
            _read(run, server, "plain", name, workload, paths)
        _write(run, shop)
        _memory(run, server)
    if run.wants("checkout_delivering"):
        with serving(SHOP, {"SHOPKIT_BENCH_FACTS": "thread"}) as server:
            _checkout(run, Shop(run.database.size, server), "checkout_delivering")


def _reset(run: Run) -> None:
    loading.tidy(run.database)
    with psycopg.connect(run.database.url, autocommit=True) as link:
        link.execute(TABLES)


def _read(
    run: Run, server: Server, target: str, name: str, workload: Read, paths: Sequence[str]
) -> None:
    headers = []
    if workload.is_conditional:
        headers = [f"If-None-Match: {get(server, paths[0]).header('ETag')}"]
    found = read(server, paths, database=run.database.name, duration=run.duration, headers=headers)
    run.point(name, target, found)


def _look_inside(run: Run, name: str, operations: Iterable[Operation]) -> None:
    found = insight.look_inside(list(islice(operations, PROFILED)))
    run.found.setdefault(name, {}).update(asdict(found))


def _write(run: Run, shop: Shop) -> None:
    if run.wants("cart"):
        parts = workloads.cart_parts(shop)
        _look_inside(run, "cart", parts[0])
        found = drive(shop.server, parts, database=run.database.name, duration=run.duration)
        run.point("cart", "plain", found)
    if run.wants("checkout"):
        tokens = carts.fill_carts(islice(workloads.baskets(shop), PROFILED))
        orders = [partial(workloads.place, n, token) for n, token in enumerate(tokens)]
        _look_inside(run, "checkout", orders)
        _reset(run)
        _checkout(run, shop, "checkout")
    if run.wants("buyers"):
        run.found["buyers"] = {"plain": _buyers(run, shop)}


def _checkout(run: Run, shop: Shop, name: str) -> None:
    most = run.duration * MOST_ORDERS_PER_SECOND
    shares = [int(most * share) + CLIENTS for share in (WARM_UP, 1, QUIET_SHARE / 2)]
    shares[0] += WARM_UP_LEAST
    tokens = carts.fill_carts(islice(workloads.baskets(shop), sum(shares)))
    parts = workloads.checkout_parts(tokens, shares)
    found = drive(shop.server, parts, database=run.database.name, duration=run.duration)
    run.point(name, "plain", found)


def _buyers(run: Run, shop: Shop) -> Found:
    carts.stock_hot_variant(run.database.url)
    tokens = carts.fill_carts([[workloads.HOT_VARIANT]] * workloads.BUYERS)
    calls = [partial(workloads.order, number, token) for number, token in enumerate(tokens)]
    return _outcome(run, "plain", rush(shop.server, calls))


def _outcome(run: Run, target: str, found: Rush) -> Found:
    held = carts.held_of_hot_variant(run.database.url)
    statuses = {str(status): count for status, count in sorted(found.statuses.items())}
    print(f"  {'buyers':<20} {target:<10} {statuses}, {held} held, {found.wall:.2f} s", flush=True)
    return {"statuses": statuses, "held": held, "wall": found.wall}


def _memory(run: Run, server: Server) -> None:
    run.found["memory"] = {"plain": server.largest_worker()}


def _cached(run: Run) -> None:
    """Measure the reads again with the catalogue's cache, where this version has one."""
    if "CACHE" not in settings.SHOPKIT["CATALOG"]:
        return
    with serving(SHOP, {"SHOPKIT_BENCH_CACHE": "1"}) as server:
        shop = Shop(run.database.size, server)
        for name, workload in run.reads():
            _read(run, server, "cached", name, workload, workload.paths(shop))


# --- the floors -----------------------------------------------------------------------------------


def _constant(run: Run) -> None:
    with serving(CONSTANT, {}) as server:
        for name, _workload in run.reads():
            paths = [f"/constant/{run.found[name]['body']}/"]
            found = read(server, paths, database=run.database.name, duration=run.duration)
            run.point(name, "constant", found)
        if run.wants("list_first") or run.wants("list_first_cursor"):
            paths = ["/one-statement/"]
            found = read(server, paths, database=run.database.name, duration=run.duration)
            run.point("one_statement", "django", found)


def _bare(run: Run) -> None:
    with serving(BARE, {}) as server:
        shop = Shop(run.database.size, server)
        for name, workload in run.reads():
            if workload.bare is not None:
                paths = workload.bare(shop)
                found = read(server, paths, database=run.database.name, duration=run.duration)
                run.point(name, "bare", found)
        _bare_writes(run, shop)


def _bare_writes(run: Run, shop: Shop) -> None:
    made = {"cart": workloads.bare_cart_parts, "checkout": workloads.bare_checkout_parts}
    for name, parts in made.items():
        if run.wants(name):
            _reset(run)
            found = drive(
                shop.server, parts(shop), database=run.database.name, duration=run.duration
            )
            run.point(name, "bare", found)
    if run.wants("buyers"):
        carts.stock_hot_variant(run.database.url)
        calls = [partial(workloads.bare_order, [workloads.HOT_VARIANT])] * workloads.BUYERS
        run.found["buyers"]["bare"] = _outcome(run, "bare", rush(shop.server, calls))


def _pgbench(run: Run) -> None:
    """The database alone: the least checkout, 16 clients, without a web server."""
    program = shutil.which("pgbench")
    if program is None or not run.wants("checkout"):
        return
    _reset(run)
    command = [
        program, "--no-vacuum", "--protocol", "prepared", "--client", str(CLIENTS), "--jobs", "2",
        "--time", str(max(1, round(run.duration))), "--define", f"products={run.database.size}",
        "--file", str(ROOT / "benchmarks/floors/checkout.pgbench"), run.database.url,
    ]  # fmt: skip
    shown = subprocess.run(  # noqa: S603 - a command line of our own
        command, capture_output=True, text=True, check=True, env=os.environ
    ).stdout
    rate = re.search(r"tps = ([0-9.]+)", shown)
    latency = re.search(r"latency average = ([0-9.]+) ms", shown)
    assert rate
    assert latency
    run.found["checkout"]["pgbench"] = {
        "per_second": float(rate[1]),
        "average_ms": float(latency[1]),
    }
    print(f"  {'checkout':<20} {'pgbench':<10} {float(rate[1]):8.1f}/s", flush=True)
