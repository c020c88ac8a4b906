"""Texts of Django and others that our answers pass on, in languages which those do not speak.

Django merges the catalogues of all apps into one per language, and ours come before its own. So
core's catalogue can hold their words; the texts below belong to it as if core said them.
"""

from pathlib import Path

from tools.messages.sources import Text

TEXTS: dict[str, list[Text]] = {}


def wanted_in(home: Path, language: str) -> dict[Text, list[str]]:
    """Return what the catalogue of an app holds beyond the app's own texts."""
    return {}
