"""Probes: what is proven, by whom, and what to do when it does not hold."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from inspect import getdoc

Fix = Callable[[], object]
NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Finding:
    """One thing that is not as its probe says.

    subject -- what it is about, by key or number: "order 7K3M9-QX2TD"; never a name or a phone
    message -- what is and what should be
    fix -- makes it right, under the locks that services take; only for what is derived from
        other rows. Findings may share one, which then runs once
    is_warning -- nothing is wrong in the books, but somebody should look
    """

    subject: str
    message: str
    fix: Fix | None = None
    is_warning: bool = False

    @property
    def level(self) -> str:
        """The word for it: "ERROR" or "WARNING"."""
        return "WARNING" if self.is_warning else "ERROR"


Find = Callable[[], Iterable[Finding]]


@dataclass(frozen=True)
class Probe:
    """Something that the doctor proves.

    name -- "<app>.<subject>"; it is the code of what is found
    proves -- what holds, in a sentence
    remedy -- what a person does about a finding
    find -- yields what does not hold; reads the database and writes nothing
    """

    name: str
    proves: str
    remedy: str
    find: Find

    @property
    def app(self) -> str:
        """The part before the dot."""
        return self.name.partition(".")[0]


PROBES: dict[str, Probe] = {}


class UnknownProbe(ValueError):
    """No probe, and no app with probes, has this name."""


def probe(name: str, *, remedy: str) -> Callable[[Find], Find]:
    """Register a function as what finds breaches of the first paragraph of its docstring.

    It runs in one transaction that sees one moment and cannot write; it should ask in sets and
    yield as it goes, since a shop may have millions of rows. Registering a name again replaces
    the probe.

    name -- "<app>.<subject>": "shop.loyalty"
    remedy -- what a person does about a finding

    Raises ValueError for a name of another form or a function without a docstring.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not of the form app.subject.")

    def register(find: Find) -> Find:
        said = (getdoc(find) or "").partition("\n\n")[0]
        if not said:
            raise ValueError(f"Probe {name} must say in its docstring what it proves.")
        PROBES[name] = Probe(name, " ".join(said.split()), remedy, find)
        return find

    return register


def chosen(names: Iterable[str] = ()) -> list[Probe]:
    """Return the probes of these names or apps, each once; without any, all.

    Raises UnknownProbe.
    """
    wanted = list(names)
    if unknown := [name for name in wanted if not any(_matching(name))]:
        raise UnknownProbe(
            f"There is no probe {', '.join(unknown)}. Known are {', '.join(PROBES)}."
        )
    if not wanted:
        return list(PROBES.values())
    return list({one.name: one for name in wanted for one in _matching(name)}.values())


def _matching(name: str) -> Iterator[Probe]:
    return (one for one in PROBES.values() if name in {one.name, one.app})
