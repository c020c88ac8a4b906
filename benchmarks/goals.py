"""What we aim at: ratios to floors of the same run, numbers of statements, growth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Names of what was measured: the shop with and without the catalogue's cache, and the floors.
TARGETS = {
    "plain": "the shop",
    "cached": "the shop with its catalogue cached",
    "constant": "Django, constant bytes of the same size",
    "django": "Django, one SQL statement",
    "bare": "WSGI, psycopg and json",
    "pgbench": "PostgreSQL alone (pgbench)",
}
GROWTH = 1.25  # of processor time per operation, from the smallest catalogue to the largest
TAIL = 4  # p99 / p50 at one client
LARGEST_WORKER = 150  # MiB

Found = Mapping[str, Any]


@dataclass(frozen=True)
class Ratio:
    """A rate that must be at least ``least`` times that of a floor.

    floor -- target of the same workload, or "workload/target"
    """

    target: str
    floor: str
    least: float


@dataclass(frozen=True)
class Goal:
    """What one workload must reach.

    p50 -- milliseconds at one client, at most
    """

    ratios: tuple[Ratio, ...] = ()
    statements: int | None = None
    p50: float | None = None


ONE_STATEMENT = "one_statement/django"
FACETS = Goal((Ratio("cached", "constant", 0.45),), statements=6, p50=15)
GOALS: Mapping[str, Goal] = {
    "list_first": Goal(
        (Ratio("plain", ONE_STATEMENT, 0.60), Ratio("cached", "constant", 0.45)), statements=2
    ),
    "list_first_cursor": Goal(
        (Ratio("plain", ONE_STATEMENT, 0.60), Ratio("cached", "constant", 0.45)), statements=1
    ),
    "list_deep_page": Goal((Ratio("plain", "bare", 0.65),), statements=2),
    "list_deep_cursor": Goal((Ratio("plain", "bare", 0.45),), statements=1),
    "filter": Goal((Ratio("plain", "bare", 0.40), Ratio("cached", "constant", 0.45)), statements=1),
    "search": Goal((Ratio("plain", "bare", 0.45),), statements=1),
    "facets": FACETS,
    "facets_category": FACETS,
    "facets_filtered": FACETS,
    "facets_in_stock": FACETS,
    "facets_value": FACETS,
    "search_words": Goal((Ratio("plain", "bare", 0.25),), statements=1),
    "search_typo": Goal((Ratio("plain", "bare", 0.45),), statements=1),
    "suggest": Goal((Ratio("plain", "bare", 0.45),), statements=2),
    "detail": Goal((Ratio("plain", "bare", 0.45), Ratio("cached", "constant", 0.45)), statements=3),
    "tree": Goal((Ratio("cached", "constant", 0.60),), statements=1),
    "tree_304": Goal((Ratio("cached", "tree/cached", 0.95),), statements=1),
    "cart": Goal((Ratio("plain", "bare", 0.45),), statements=2),
    "checkout": Goal((Ratio("plain", "bare", 0.40),), statements=16),
}
RUSH_WALL = 4  # times the floor's


@dataclass(frozen=True)
class Verdict:
    """A goal beside what was measured."""

    name: str
    what: str
    goal: str
    measured: str
    is_reached: bool


def verdicts(found: Found) -> Iterator[Verdict]:
    """Yield what became of every goal that was measured in the workloads of one size."""
    for name, goal in GOALS.items():
        if name in found:
            yield from _of_workload(found, name, goal)
    if {"plain", "bare"} <= found.get("buyers", {}).keys():
        yield from _of_rush(found["buyers"])
    if "memory" in found:
        largest = found["memory"]["plain"]
        yield Verdict(
            "memory", "largest web worker", f"<= {LARGEST_WORKER} MiB", f"{largest:.0f} MiB",
            largest <= LARGEST_WORKER,
        )  # fmt: skip


def _of_workload(found: Found, name: str, goal: Goal) -> Iterator[Verdict]:
    for one in goal.ratios:
        ratio = ratio_of(found, name, one)
        if ratio is not None:
            what = f"{TARGETS[one.target]} / {_floor_name(one.floor)}"
            yield Verdict(name, what, f">= {one.least:.2f}", f"{ratio:.2f}", ratio >= one.least)
    statements = found[name].get("statements")
    if goal.statements is not None and statements is not None:
        yield Verdict(
            name, "SQL statements", f"<= {goal.statements}", str(statements),
            statements <= goal.statements,
        )  # fmt: skip
    plain = found[name].get("plain", {})
    if goal.p50 is not None and plain.get("p50"):
        yield Verdict(
            name, "p50, one client", f"<= {goal.p50:g} ms", f"{plain['p50']:.1f} ms",
            plain["p50"] <= goal.p50,
        )  # fmt: skip
    if plain.get("p50"):
        tail = plain["p99"] / plain["p50"]
        yield Verdict(name, "p99 / p50, one client", f"<= {TAIL}", f"{tail:.1f}", tail <= TAIL)


def ratio_of(found: Found, name: str, ratio: Ratio) -> float | None:
    """Return the measured ratio of rates, or None when one of the two was not measured."""
    workload, _, target = ratio.floor.rpartition("/")
    own = found[name].get(ratio.target)
    floor = found.get(workload or name, {}).get(target)
    if own is None or floor is None or not floor["per_second"]:
        return None
    return float(own["per_second"] / floor["per_second"])


def _floor_name(floor: str) -> str:
    workload, _, target = floor.rpartition("/")
    return f"{TARGETS[target]}, whole answer" if workload == "tree" else TARGETS[target]


def _of_rush(found: Found) -> Iterator[Verdict]:
    plain = found["plain"]
    told = ", ".join(f"{count} x {status}" for status, count in plain["statuses"].items())
    is_exact = plain["statuses"] == {"201": 50, "409": 150} and plain["held"] == 50
    yield Verdict("buyers", "sold and refused", "50 x 201, 150 x 409", told, is_exact)
    ratio = plain["wall"] / found["bare"]["wall"]
    yield Verdict(
        "buyers", f"wall time / {TARGETS['bare']}", f"<= {RUSH_WALL}", f"{ratio:.1f}",
        ratio <= RUSH_WALL,
    )  # fmt: skip


def growth(small: Found, large: Found) -> Iterator[Verdict]:
    """Yield how much more processor time an operation takes in the larger catalogue."""
    for name in GOALS:
        before, after = (one.get(name, {}).get("plain", {}).get("cpu") for one in (small, large))
        if before and after:
            ratio = after / before
            yield Verdict(
                name, "processor time, larger / smaller catalogue", f"<= {GROWTH}", f"{ratio:.2f}",
                ratio <= GROWTH,
            )  # fmt: skip
