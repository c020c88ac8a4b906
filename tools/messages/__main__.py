"""Bring the catalogues of all apps up to date: ``make messages``.

Translations are kept, dead ones dropped, new texts added without words. Ends with status 1 while a
text has no words in some language, or something else is wrong; says what.
"""

import sys

from tools.messages import LANGUAGES, homes
from tools.messages.borrowed import wanted_in
from tools.messages.catalogues import update
from tools.messages.faults import faults_in
from tools.messages.sources import Unreadable, texts_of


def main() -> int:
    for home in homes():
        try:
            sources = texts_of(home)
        except Unreadable as problem:
            print(problem, file=sys.stderr)
            return 1
        for language in LANGUAGES:
            wanted = sources | wanted_in(home, language)
            if empty := update(home, wanted, language):
                print(f"{home.name}, {language}: {empty} of {len(wanted)} texts have no words yet")
    faults = faults_in(homes())
    print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
