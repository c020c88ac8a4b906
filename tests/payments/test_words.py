"""What rules say to people is said in the languages of the house."""

import gettext
import re
from pathlib import Path

import pytest

import shopkit.payments

PACKAGE = Path(shopkit.payments.__file__).parent
SAID = r'\b_\(\s*"([^"]+)"'


@pytest.mark.parametrize("language", ["uz", "kaa", "ru"])
def test_every_refusal_is_translated(language):
    sources = [PACKAGE / "errors.py", PACKAGE / "providers.py", PACKAGE / "api" / "views.py"]
    sources += (PACKAGE / "services").glob("*.py")
    said = {text for source in sources for text in re.findall(SAID, source.read_text())}
    with (PACKAGE / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        known = gettext.GNUTranslations(file)

    assert len(said) >= 13
    assert [text for text in said if text not in known._catalog] == []
