"""Results as Markdown: a table per size, the goals, where the time goes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .goals import TARGETS, Verdict, growth, verdicts
from .load import CLIENTS
from .servers import WORKERS
from .workloads import RUSH, TITLES

BEGIN = "<!-- results: written by make bench, do not edit -->"
END = "<!-- end of results -->"
BUSY = 0.15  # of the machine used by others
ORDER = ("plain", "cached", "bare", "django", "constant", "pgbench")

Results = Mapping[str, Any]


def write_into(page: Path, results: Results) -> None:
    """Put the results between the marks of ``page``. Raises ValueError when it has none."""
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page.name} has no place for results.")
    page.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}")


def markdown(results: Results) -> str:
    """Return everything, to stand below a heading of the second level."""
    parts = [_conditions(results)]
    for one in results["sizes"]:
        parts += [f"### {_thousands(one['size'])} products", _figures(one), _rush(one)]
    parts += ["### Goals", _goals(results["sizes"]), "### Where the time goes", _layers(results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _conditions(results: Results) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in results["packages"].items())
    database = results["postgresql"]
    said = (
        f"Measured on {results['date']} on a machine of {results['cores']} cores, which servers,"
        f" PostgreSQL, Redis and the load shared. Python {results['python']}, {packages},"
        f" PostgreSQL {database['server_version'].split()[0]} (shared_buffers"
        f" {database['shared_buffers']}, synchronous_commit {database['synchronous_commit']}),"
        f" Redis {results['redis']}; gunicorn with {WORKERS} sync workers;"
        f" {results['duration']:g} s per point."
    )
    busiest = max(one["busy"] for one in results["sizes"])
    if busiest <= BUSY:
        return said
    return (
        f"{said}\n\n**Others used {busiest:.0%} of the machine when a size began**: rates are low"
        " and uneven, processor time per operation is the better figure."
    )


def _figures(size: Results) -> str:
    rows = []
    for name, title in TITLES.items():
        found = size["workloads"].get(name, {})
        shown = [target for target in ORDER if target in found]
        rows += [_figure(title if target == shown[0] else "", target, found) for target in shown]
    head = (
        "workload", "who answers", f"per second, {CLIENTS} clients", "p50 ms", "p99 ms",
        "CPU ms", "SQL", "body kB",
    )  # fmt: skip
    return _table(head, rows)


def _figure(title: str, target: str, found: Results) -> Sequence[str]:
    one = found[target]
    is_ours = target in {"plain", "cached"}
    if target == "pgbench":
        return (title, TARGETS[target], f"{one['per_second']:.0f}", "", "", "", "2", "")
    return (
        title,
        TARGETS[target],
        f"{one['per_second']:.0f}" + (f" ({one['broken']} wrong)" if one["broken"] else ""),
        f"{one['p50']:.2f}",
        f"{one['p99']:.2f}",
        f"{one['cpu']:.2f}",
        str(found.get("statements", "")) if target == "plain" else "",
        f"{found['body'] / 1000:.1f}" if is_ours and "body" in found else "",
    )


def _rush(size: Results) -> str:
    found = size["workloads"].get("buyers", {})
    rows = [
        (
            TARGETS[target],
            ", ".join(f"{count} x {status}" for status, count in one["statuses"].items()),
            str(one["held"]),
            f"{one['wall']:.2f}",
        )
        for target, one in found.items()
    ]
    if not rows:
        return ""
    return f"{RUSH}:\n\n" + _table(("who answers", "answers", "units held", "wall s"), rows)


def _goals(sizes: Sequence[Results]) -> str:
    """The largest catalogue counts, and the growth from the smallest one to it."""
    smallest, largest = (pick(sizes, key=_size) for pick in (min, max))
    found = list(verdicts(largest["workloads"]))
    if smallest is not largest:
        found += growth(smallest["workloads"], largest["workloads"])
    reached = sum(one.is_reached for one in found)
    head = ("workload", "what", "goal", "measured", "")
    intro = (
        f"{reached} of {len(found)} reached, with {_thousands(largest['size'])} products."
        " A ratio is one of rates, and higher is better."
    )
    return f"{intro}\n\n" + _table(head, map(_verdict, found))


def _size(one: Results) -> int:
    return int(one["size"])


def _verdict(one: Verdict) -> Sequence[str]:
    title = TITLES.get(one.name, RUSH if one.name == "buyers" else one.name)
    return (title, one.what, one.goal, one.measured, "reached" if one.is_reached else "**not**")


def _layers(results: Results) -> str:
    """Shares of processor time in the web process, by who spends it."""
    found = max(results["sizes"], key=_size)["workloads"]
    names = [name for name in TITLES if "layers" in found.get(name, {})]
    layers = sorted({layer for name in names for layer in found[name]["layers"]})
    rows = (
        [TITLES[name], *(f"{found[name]['layers'].get(layer, 0):.0%}" for layer in layers)]
        for name in names
    )
    intro = (
        "Shares of the web process's own processor time, by cProfile, which makes many small calls"
        " dearer than they are. What PostgreSQL does is not in them."
    )
    return f"{intro}\n\n" + _table(["workload", *layers], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(_lines(head, rows))


def _lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(['---'] * len(head))}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", " ")
