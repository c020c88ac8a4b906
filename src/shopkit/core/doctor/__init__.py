"""The doctor: proves that the books balance, and repairs what is only derived.

An app, or the site, registers probes in a module that its ``AppConfig.ready`` imports:

    @probe("shop.loyalty", remedy="Count the points again.")
    def points() -> Iterator[Finding]:
        \"\"\"A customer's points are the sum of his entries.\"\"\"
        for key, shown, earned in differences(shown_points, entries):
            yield Finding(f"customer {key}", f"shows {shown} points, earned {earned}")
"""

from .comparing import differences
from .examining import Result, check, check_and_mend, examine
from .register import PROBES, Finding, Probe, UnknownProbe, chosen, probe
from .snapshot import snapshot

__all__ = [
    "PROBES",
    "Finding",
    "Probe",
    "Result",
    "UnknownProbe",
    "check",
    "check_and_mend",
    "chosen",
    "differences",
    "examine",
    "probe",
    "snapshot",
]
