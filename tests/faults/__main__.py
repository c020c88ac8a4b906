"""``python -m tests.faults [--long] [NAME ...]``: exit status 0 when all promises were kept."""

import argparse
import sys
import time

from .customers import Tally
from .scenarios import LONG, SCENARIOS, SHORT
from .stack import running_stack


def main() -> int:
    """Run the scenarios one after the other on one shop; the naive one last, since it spoils it."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--long", action="store_true")
    given = parser.parse_args()
    if unknown := sorted(set(given.names) - SCENARIOS.keys()):
        parser.error(f"There is no scenario {', '.join(unknown)}.")
    length, began, failed = LONG if given.long else SHORT, time.monotonic(), []
    with running_stack() as stack:
        print(f"the shop serves after {time.monotonic() - began:.0f} s", flush=True)
        for name in [one for one in SCENARIOS if not given.names or one in given.names]:
            tally, start = Tally(), time.monotonic()
            try:
                figures, verdict = SCENARIOS[name](stack, tally, length), "kept"
            except AssertionError as error:
                figures, verdict = {"broken": error}, "BROKEN"
                failed.append(name)
            print(f"\n{name}: {verdict} ({time.monotonic() - start:.0f} s)")
            print("  " + ", ".join(f"{key} {value}" for key, value in figures.items()))
            print(*tally.lines(), sep="\n", flush=True)
    print(f"\n{'BROKEN: ' + ', '.join(failed) if failed else 'All kept.'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
