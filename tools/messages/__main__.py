"""Bring the catalogues of all apps up to date: ``make messages``.

Translations are kept, dead ones dropped, new texts added: with the words of another app that says
the same, else without. Ends with status 1 while a
text has no words in some language, or something else is wrong; says what.
"""

import sys
from pathlib import Path

from tools.messages import LANGUAGES, homes
from tools.messages.borrowed import wanted_in
from tools.messages.catalogues import known_in, update
from tools.messages.faults import faults_in
from tools.messages.sources import Unreadable, texts_of


def update_all(apps: list[Path]) -> None:
    """Bring every catalogue up to date; say how many texts lack words. Raises Unreadable."""
    sources = {home: texts_of(home) for home in apps}
    for language in LANGUAGES:
        known = known_in(apps, language)
        for home, texts in sources.items():
            wanted = texts | wanted_in(home, language)
            if empty := update(home, wanted, language, known):
                print(f"{home.name}, {language}: {empty} of {len(wanted)} texts have no words yet")


def main() -> int:
    try:
        update_all(homes())
        faults = faults_in(homes())
    except Unreadable as problem:
        faults = [str(problem)]
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
