"""Texts of Django and REST framework that our answers pass on, in languages those do not speak.

Django has no Karakalpak, and of its texts only a part in Uzbek; REST framework has neither. Django
merges the catalogues of all apps into one per language, so core's can hold their words: what
borrowed.txt lists belongs to it as if core said it. Texts of older and newer releases stand there
side by side.
"""

import re
from functools import cache
from pathlib import Path

from tools.messages.sources import Text

LIST = Path(__file__).with_name("borrowed.txt")
HOME = "core"
HEADING = re.compile(r"\[([a-z ]+)\] (\S+)")
PLURAL = " | "


@cache
def borrowed() -> dict[str, dict[Text, list[str]]]:
    """Return {language: {text: the modules that say it}}."""
    found: dict[str, dict[Text, list[str]]] = {}
    languages, module = "", ""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if heading := HEADING.fullmatch(line):
            languages, module = heading.groups()
        elif line and not line.startswith("#"):
            for language in languages.split():
                text = Text("", *line.split(PLURAL))
                found.setdefault(language, {}).setdefault(text, []).append(module)
    return found


def wanted_in(home: Path, language: str) -> dict[Text, list[str]]:
    """Return what the catalogue of an app holds beyond the app's own texts."""
    return borrowed().get(language, {}) if home.name == HOME else {}
