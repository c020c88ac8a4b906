"""Prove that the books balance, and repair what is only derived."""

import json
import logging
import time
from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shopkit.core.doctor import (
    Finding,
    Probe,
    Result,
    UnknownProbe,
    check,
    check_and_mend,
    chosen,
)
from shopkit.core.management.bars import bar

logger = logging.getLogger("shopkit.doctor")


class Command(BaseCommand):
    """Safe at any time, also while the shop sells: it looks at one moment and blocks nobody.

    Exit status 0 when the books balance, 1 when not, 2 for a probe that does not exist.
    """

    help = "Prove that the books balance: exit status 0 when they do, 1 and a list when not."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to look at, whether to mend, and how to say it."""
        parser.add_argument(
            "--fix", action="store_true", help="Mend what is derived; never stock or money."
        )
        parser.add_argument(
            "--only", default="", help="Apps or probes, divided by commas: inventory,orders.total"
        )
        parser.add_argument("--json", action="store_true", help="One JSON document instead.")
        parser.add_argument(
            "--log",
            action="store_true",
            help="Also write findings to the logger shopkit.doctor, as ERROR or WARNING.",
        )
        parser.add_argument(
            "--limit", type=int, default=20, help="Most findings named per probe (20)."
        )
        parser.add_argument(
            "--fail-level",
            choices=("ERROR", "WARNING"),
            default="ERROR",
            help="What makes the exit status 1 (ERROR).",
        )
        parser.add_argument("--list", action="store_true", help="Only say what is proven.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the probes, say what they found, and end with the right status."""
        try:
            probes = chosen(filter(None, options["only"].replace(" ", "").split(",")))
        except UnknownProbe as error:
            raise CommandError(str(error), returncode=2) from error
        if options["list"]:
            for one in probes:
                self.stdout.write(f"{one.name}: {one.proves}")
            return
        started = time.monotonic()
        results = self._results(probes, options)
        report = _report(results, seconds=time.monotonic() - started)
        self._say(results, report, options)
        if report["errors"] or (report["warnings"] and options["fail_level"] == "WARNING"):
            raise CommandError(_summary(report), returncode=1)
        if not options["json"]:
            self.stdout.write(_summary(report))

    def _say(self, results: list[Result], report: dict[str, Any], options: dict[str, Any]) -> None:
        if options["log"]:
            for result in results:
                _log(result)
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=1))
            return
        for line in chain.from_iterable(map(_lines, results)):
            self.stdout.write(line)

    def _results(self, probes: list[Probe], options: dict[str, Any]) -> list[Result]:
        """Run one probe after the other, a bar on the terminal meanwhile."""
        run = check_and_mend if options["fix"] else check
        results: list[Result] = []
        with bar(self.stderr, "probes", total=len(probes)) as shown:
            for one in probes:
                shown.advance(len(results), one.name)
                results.append(run(one, keep=max(0, options["limit"])))
            shown.advance(len(results), "probes")
        return results


def _lines(result: Result) -> Iterable[str]:
    if result.fixed:
        yield f"{result.probe.name}: {result.fixed} fixed"
    if not result.found:
        return
    for one in result.shown:
        yield f"{one.level} {result.probe.name}: {one.subject}: {one.message}"
    if more := result.found - len(result.shown):
        yield f"      {result.probe.name}: ... and {more} more"
    yield f"      {result.probe.remedy}"


def _log(result: Result) -> None:
    for one in result.shown:
        level = logging.WARNING if one.is_warning else logging.ERROR
        logger.log(level, "%s: %s: %s", result.probe.name, one.subject, one.message)
    if more := result.found - len(result.shown):
        logger.log(
            logging.ERROR if result.errors else logging.WARNING,
            "%s: and %d more",
            result.probe.name,
            more,
        )


def _report(results: list[Result], *, seconds: float) -> dict[str, Any]:
    return {
        "balanced": not any(one.errors for one in results),
        "errors": sum(one.errors for one in results),
        "warnings": sum(one.warnings for one in results),
        "fixed": sum(one.fixed for one in results),
        "seconds": round(seconds, 3),
        "probes": [_as_json(one) for one in results],
    }


def _as_json(result: Result) -> dict[str, Any]:
    return {
        "name": result.probe.name,
        "proves": result.probe.proves,
        "remedy": result.probe.remedy,
        "errors": result.errors,
        "warnings": result.warnings,
        "fixed": result.fixed,
        "seconds": round(result.seconds, 3),
        "findings": [_found(one) for one in result.shown],
    }


def _found(finding: Finding) -> dict[str, Any]:
    return {
        "level": finding.level,
        "subject": finding.subject,
        "message": finding.message,
        "is_fixable": finding.fix is not None,
    }


def _summary(report: dict[str, Any]) -> str:
    counts = f"{len(report['probes'])} probes, {report['errors']} errors"
    counts += f", {report['warnings']} warnings, {report['seconds']:.1f} s"
    said = "The books balance" if report["balanced"] else "The books do not balance"
    return f"{said}: {counts}."
