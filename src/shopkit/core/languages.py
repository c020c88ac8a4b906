"""Languages that Django does not know: Karakalpak, and Uzbek and Karakalpak in Cyrillic.

``shopkit.core`` registers them when Django starts, so that a site that lists "kaa" in LANGUAGES has
it in the admin, in ``{% get_language_info %}``, in ``set_language`` and in Accept-Language. What a
site or a later Django registers itself stands. Nothing happens to a site that lists none of them.
"""

from collections.abc import Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import locale
from django.utils.translation import gettext_noop
from django.utils.translation.trans_real import DjangoTranslation

# Whose texts are shown where the language itself has none, before the site's main language.
BORROWS: Mapping[str, str] = {"kaa": "uz"}

_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_MONTHS_AP = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec."
# What only a speaker of the language can tell from the lender's: names of months and days.
_KAA_MONTHS = "yanvar fevral mart aprel may iyun iyul avgust sentyabr oktyabr noyabr dekabr".split()
_KAA_MONTHS_SHORT = "yan fev mar apr may iyun iyul avg sen okt noy dek".split()
_KAA_DAYS = "dúyshembi siyshembi sárshembi piyshembi juma shembi ekshembi".split()
_KAA_DAYS_SHORT = "dúy siy sár piy jum she eks".split()


def register_language(
    code: str, *, name: str, name_local: str, bidi: bool = False, instead: Sequence[str] = ()
) -> None:
    """Let Django know a language that it has no entry for; one that it has is left as it is.

    Call it from ``ready()`` of an app, or from the settings file.

    code -- lower case, as in LANGUAGES: "kaa", "uz-cyrl"
    name -- in English
    name_local -- in the language itself
    bidi -- written from right to left
    instead -- languages that a reader of it is answered in where the site does not have it
    """
    info: dict[str, Any] = {"bidi": bidi, "code": code, "name": name, "name_local": name_local}
    if instead:
        info["fallback"] = list(instead)
    locale.LANG_INFO.setdefault(code, info)


def register() -> None:
    """Register the languages of the house, with their formats. Doing it twice changes nothing."""
    register_language(
        "kaa",
        name=gettext_noop("Karakalpak"),
        name_local="Qaraqalpaqsha",
        instead=["uz"],
    )
    register_language(
        "kaa-cyrl",
        name=gettext_noop("Karakalpak (Cyrillic)"),
        name_local="Қарақалпақша",
        instead=["kaa", "uz-cyrl", "uz"],
    )
    register_language(
        "uz-cyrl",
        name=gettext_noop("Uzbek (Cyrillic)"),
        name_local="Ўзбекча",
        instead=["uz"],
    )
    _add_formats(str(Path(__file__).parent / "formats"))
    _lend_texts()


def _add_formats(folder: str) -> None:
    """Let Django look for formats in ``folder`` after its own."""
    if folder not in locale.__path__:
        locale.__path__.append(folder)


class _Lender(DjangoTranslation):
    """The texts of a language for another one to fall back to; it falls back to nothing itself."""

    def _add_fallback(self, localedirs: Any = None) -> None:
        """Leave that to the borrower: its main language may be the borrower."""


def _lend_texts() -> None:
    """Put the lender between a language and the site's main one.

    Django builds a language's texts when it is first used, and anew when files or settings change;
    this is its place for what they fall back to.
    """
    usual: Any = getattr(DjangoTranslation, "_add_fallback", None)
    if usual is None or hasattr(usual, "lends"):
        return

    @wraps(usual)
    def add_fallback(self: Any, localedirs: Any = None) -> None:
        language = primary_of(self.language())
        if language in BORROWS:
            _borrow(self, language, localedirs)
        usual(self, localedirs)

    add_fallback.lends = True  # type: ignore[attr-defined]
    DjangoTranslation._add_fallback = add_fallback  # type: ignore[attr-defined]


def _borrow(texts: Any, language: str, localedirs: Any) -> None:
    """Let ``texts`` fall back to those of the lender, with the language's own names in front."""
    lender: Any = _Lender(BORROWS[language], domain=texts.domain, localedirs=localedirs)
    for text, name in _NAMES.get(language, {}).items():
        lender._catalog[text] = name
    if texts.domain == "django":
        texts.add_fallback(lender)
    elif texts._catalog is None:
        # Scripts are told the plural forms of one language only, so texts are not mixed there.
        texts.plural, texts._info, texts._catalog = lender.plural, lender._info, lender._catalog


def primary_of(code: str) -> str:
    """Return the language without script and country: "uz-cyrl" is "uz"."""
    return code.partition("-")[0]


def _names() -> dict[str, str]:
    """Return Karakalpak names by what Django calls them, with its contexts."""
    months = list(zip(_MONTHS.split(), _KAA_MONTHS, _KAA_MONTHS_SHORT, strict=True))
    days = list(zip(_DAYS.split(), _KAA_DAYS, _KAA_DAYS_SHORT, strict=True))
    return {
        **{month: name.capitalize() for month, name, _short in months},
        **{f"alt. month\x04{month}": name for month, name, _short in months},
        **{
            f"abbrev. month\x04{month}": short
            for month, short in zip(_MONTHS_AP.split(), _KAA_MONTHS_SHORT, strict=True)
        },
        **{month[:3].lower(): short for month, _name, short in months},
        **{day: name.capitalize() for day, name, _short in days},
        **{day[:3]: short.capitalize() for day, _name, short in days},
        "Karakalpak": "Qaraqalpaqsha",
    }


_NAMES = {"kaa": _names()}
