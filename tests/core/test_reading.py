"""Which languages a reader is shown a text in, one after the other."""

import pytest
from django.utils import translation

from shopkit.core.checks import check_fallbacks, check_languages, check_settings
from shopkit.core.reading import MAIN, reading_language


def fall_back(settings, chains):
    settings.SHOPKIT = {**settings.SHOPKIT, "CORE": {"LANGUAGE_FALLBACKS": chains}}


@pytest.mark.parametrize(
    ("main", "language", "shown"),
    [
        ("en", "kaa", ("kaa", "uz", "ru", MAIN)),
        ("en", "uz", ("uz", "ru", MAIN)),
        ("en", "ru", ("ru", MAIN)),
        ("en", "en", (MAIN,)),
        ("uz", "kaa", ("kaa", MAIN, "ru")),
        ("ru", "kaa", ("kaa", "uz", MAIN)),
        ("en-us", "en", ("en", MAIN)),
        ("en-us", "en-us", (MAIN, "en")),
        ("en-us", "en-gb", ("en-gb", "en", MAIN)),
        ("en", "pt-br", ("pt-br", "pt", MAIN)),
        ("pt", "pt-br", ("pt-br", MAIN)),
        ("en", "uz-cyrl", ("uz-cyrl", "uz", "ru", MAIN)),
        ("en", "kaa-cyrl", ("kaa-cyrl", "kaa", "uz", "ru", MAIN)),
        ("en", "xx", ("xx", MAIN)),
    ],
)
def test_a_language_is_followed_by_its_neighbours(settings, main, language, shown):
    settings.LANGUAGE_CODE = main

    found = reading_language(language)

    assert [code for code in found if code in shown] == list(shown)
    assert found[: len(shown)] == shown


def test_the_active_language_counts_and_none_is_the_main_one():
    with translation.override("kaa"):
        assert reading_language()[0] == "kaa"
    with translation.override(None):
        assert reading_language() == (MAIN,)


def test_a_site_has_neighbours_of_its_own(settings):
    fall_back(settings, {"de": ["fr", "it"], "de-ch": ["it"]})

    assert reading_language("de") == ("de", "fr", "it", MAIN)
    assert reading_language("de-at") == ("de-at", "de", "fr", "it", MAIN)
    assert reading_language("de-ch") == ("de-ch", "de", "it", MAIN)
    assert reading_language("kaa") == ("kaa", MAIN)


def test_languages_may_fall_back_to_each_other(settings):
    fall_back(settings, {"uz": ["ru"], "ru": ["uz"]})

    assert reading_language("uz") == ("uz", "ru", MAIN)
    assert reading_language("ru") == ("ru", "uz", MAIN)


@pytest.mark.parametrize(
    "chains",
    [
        {"kaa": "uz"},
        {"kaa": ("UZ",)},
        {"KAA": ("uz",)},
        {"kaa": ("kaa",)},
        {"kaa": ("uz", "uz")},
        {"kaa": ("uz", 7)},
        {7: ("uz",)},
        {"kaa": None},
        {"kaa": ("uz_Latn",)},
    ],
)
def test_what_is_no_list_of_languages_is_found_at_start_up(settings, chains):
    fall_back(settings, chains)

    [found] = check_settings()

    assert found.id == "shopkit.core.E001"
    assert "LANGUAGE_FALLBACKS" in found.msg
    assert check_fallbacks() == []


def test_a_language_that_nobody_knows_is_found_at_start_up(settings):
    fall_back(settings, {"kaa": ("uz", "ug"), "zz": ("ru",)})
    assert [one.id for one in check_fallbacks()] == ["shopkit.core.W005"]
    assert "'zz'" in check_fallbacks()[0].msg

    settings.LANGUAGES = [("en", "English"), ("zz", "Zz")]
    assert check_fallbacks() == []


def test_a_language_that_django_cannot_use_is_found_at_start_up(settings):
    settings.LANGUAGES = [("en", "English"), ("kaa", "Qaraqalpaqsha"), ("zz", "Zz")]

    assert [one.id for one in check_languages()] == ["shopkit.core.W003", "shopkit.core.W004"]
    assert all("'zz'" in one.msg for one in check_languages())
