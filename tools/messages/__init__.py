"""Catalogues of the texts that people read: found in the source, kept in ``locale/``, checked.

sources -- which texts an app says, and where
borrowed -- texts of Django and of others that our answers pass on
catalogues -- .po and .mo files, read and written
faults -- what is wrong with a catalogue
unmarked -- texts for people that nobody marked for translation

``make messages`` brings all catalogues up to date; see docs/how-to/translate-the-package.md.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# How many forms a count takes, and which one, in the words of gettext.
LANGUAGES = {
    "uz": "nplurals=1; plural=0;",
    "kaa": "nplurals=1; plural=0;",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<12 || n%100>14) ? 1 : 2);",
}


def homes() -> list[Path]:
    """Return the folders that keep a ``locale/`` of their own: each app, and the demo shop."""
    apps = sorted(path.parent for path in (ROOT / "src" / "shopkit").glob("*/apps.py"))
    return [*apps, ROOT / "example_project"]
