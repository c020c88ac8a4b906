"""Running probes, and mending what they found."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction

from .register import Finding, Fix, Probe
from .snapshot import snapshot

logger = logging.getLogger("shopkit.doctor")

SHOWN = 20
# Fixes that are kept in mind until the look at the rows is over; the rest come with the next look.
FIXES = 1000


@dataclass
class Result:
    """What one look found.

    shown -- the first findings; the others are only counted
    fixed -- how many findings are gone after the fixes
    """

    probe: Probe
    errors: int = 0
    warnings: int = 0
    fixed: int = 0
    seconds: float = 0
    shown: list[Finding] = field(default_factory=list)

    @property
    def found(self) -> int:
        """Errors and warnings together."""
        return self.errors + self.warnings


def examine(probe: Probe) -> Iterator[Finding]:
    """Yield what ``probe`` finds, all of it as of one moment.

    A probe that breaks off is a finding as well, an error; the traceback is in the log.
    """
    try:
        with snapshot():
            yield from probe.find()
    except Exception as error:
        logger.exception("Probe %s failed.", probe.name)
        reason = f"{type(error).__name__}: {error}".strip()
        yield Finding("the probe itself", f"broke off, see the log of shopkit.doctor: {reason}")


def check(probe: Probe, *, keep: int = SHOWN) -> Result:
    """Run ``probe`` and change nothing.

    keep -- how many findings the result names
    """
    return _look(probe, keep)[0]


def check_and_mend(probe: Probe, *, keep: int = SHOWN) -> Result:
    """Run ``probe``, mend what is derivable, look again; until nothing gets better.

    The result says what is left.
    """
    result, fixes = _look(probe, keep)
    at_first, started = result.found, time.monotonic() - result.seconds
    while fixes:
        before = result.found
        for fix in fixes:
            _mend(probe, fix)
        result, fixes = _look(probe, keep)
        if result.found >= before:
            break
    result.fixed = max(0, at_first - result.found)
    result.seconds = time.monotonic() - started
    return result


def _look(probe: Probe, keep: int) -> tuple[Result, list[Fix]]:
    started = time.monotonic()
    result = Result(probe)
    fixes: dict[Fix, None] = {}
    for finding in examine(probe):
        if finding.is_warning:
            result.warnings += 1
        else:
            result.errors += 1
        if len(result.shown) < keep:
            result.shown.append(finding)
        if finding.fix is not None and len(fixes) < FIXES:
            fixes[finding.fix] = None
    result.seconds = time.monotonic() - started
    return result, list(fixes)


def _mend(probe: Probe, fix: Fix) -> None:
    """Run a fix in a transaction of its own; one that fails leaves its finding to the next look."""
    try:
        with transaction.atomic():
            fix()
    except Exception:
        logger.exception("A fix of %s failed.", probe.name)
