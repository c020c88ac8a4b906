"""The languages people are written to in; every text of the house exists in each."""

from collections.abc import Iterable

from django.conf import settings

LANGUAGES = ("en", "uz", "kaa", "ru")


def choose_language(*wanted: str) -> str:
    """Return the first that we speak of these tags, else the site's, else English.

    wanted -- such as "uz" or "ru-RU"; "" is passed over
    """
    return next(iter(_known((*wanted, settings.LANGUAGE_CODE))), "en")


def _known(tags: Iterable[str]) -> Iterable[str]:
    primaries = (tag.lower().partition("-")[0] for tag in tags)
    return (primary for primary in primaries if primary in LANGUAGES)
