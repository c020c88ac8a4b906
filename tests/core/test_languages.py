"""Karakalpak, which Django does not know, works as the languages that it knows."""

import threading
from datetime import date, datetime, timezone

import pytest
from django.conf.locale import LANG_INFO
from django.template import Context, Template
from django.test import Client
from django.utils import dateformat, formats, translation
from django.utils.translation import get_language_info, gettext
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JavaScriptCatalog, set_language

from shopkit.core import languages
from shopkit.core.languages import register, register_language

FOUR = [("en", "English"), ("uz", "Oʻzbekcha"), ("kaa", "Qaraqalpaqsha"), ("ru", "Русский")]
MOMENT = datetime(2026, 11, 26, 7, 5, tzinfo=timezone.utc)


@pytest.fixture
def four_languages(settings):
    settings.LANGUAGES = FOUR


@pytest.mark.parametrize(
    ("code", "local"),
    [
        ("kaa", "Qaraqalpaqsha"),
        ("kaa-uz", "Qaraqalpaqsha"),
        ("kaa-cyrl", "Қарақалпақша"),
        ("uz-cyrl", "Ўзбекча"),
    ],
)
def test_django_can_name_it(code, local):
    info = get_language_info(code)

    assert (info["name_local"], info["bidi"]) == (local, False)


def test_templates_can_name_it():
    page = Template("{% load i18n %}{% get_language_info for 'kaa' as l %}{{ l.name_translated }}")

    with translation.override("kaa"):
        assert page.render(Context()) == "Qaraqalpaqsha"


def test_what_a_site_registered_itself_stands(monkeypatch):
    own = {"bidi": False, "code": "kaa", "name": "Karakalpak", "name_local": "қарақалпақша"}
    monkeypatch.setitem(LANG_INFO, "kaa", own)

    register()

    assert get_language_info("kaa")["name_local"] == "қарақалпақша"


def test_registering_twice_changes_nothing():
    from django.conf import locale

    before = (dict(LANG_INFO), list(locale.__path__), DjangoTranslation._add_fallback)

    register()

    assert (dict(LANG_INFO), list(locale.__path__), DjangoTranslation._add_fallback) == before


def test_a_site_registers_a_language_of_its_own(monkeypatch):
    monkeypatch.delitem(LANG_INFO, "crh", raising=False)

    register_language("crh", name="Crimean Tatar", name_local="qırımtatarca", instead=["tr"])

    assert LANG_INFO.pop("crh") == {
        "bidi": False,
        "code": "crh",
        "name": "Crimean Tatar",
        "name_local": "qırımtatarca",
        "fallback": ["tr"],
    }


# Texts.


def test_texts_of_django_are_uzbek_rather_than_english():
    with translation.override("uz"):
        uzbek = gettext("Log out")
    assert uzbek != "Log out"

    with translation.override("kaa"):
        assert gettext("Log out") == uzbek


def test_own_texts_come_first():
    own = "A refund failed: the money did not go back."  # of this package
    texts = {code: translation.trans_real.translation(code).gettext(own) for code, _ in FOUR}

    assert len(set(texts.values())) == 4


def test_what_uzbek_lacks_too_is_in_the_sites_main_language(settings):
    settings.LANGUAGE_CODE = "ru"  # read when a language's texts are built
    results = ("%(counter)s result", "%(counter)s results", 5)

    assert DjangoTranslation("kaa").ngettext(*results) == "%(counter)s результатов"
    assert DjangoTranslation("kaa").gettext("Log out") == DjangoTranslation("uz").gettext("Log out")


@pytest.mark.parametrize("main", ["kaa", "uz", "ru", "en", "en-us"])
def test_it_works_whatever_the_main_language_is(settings, main):
    settings.LANGUAGE_CODE = main

    for code in ("kaa", "uz", "ru", "en"):
        texts = DjangoTranslation(code)
        assert texts.gettext("nobody has translated this") == "nobody has translated this"

    assert DjangoTranslation("kaa").gettext("Log out") == DjangoTranslation("uz").gettext("Log out")


def test_uzbek_is_left_as_it_was():
    kaa, uz = DjangoTranslation("kaa"), DjangoTranslation("uz")

    assert uz.gettext("Monday") == "Dushanba"
    assert kaa.gettext("Monday") == "Dúyshembi"
    assert kaa._fallback is not translation.trans_real.translation("uz")


def test_no_other_language_borrows():
    assert DjangoTranslation("de")._fallback is translation.trans_real.translation("en")


def test_another_django_may_build_its_texts_otherwise(monkeypatch):
    monkeypatch.delattr(DjangoTranslation, "_add_fallback")

    languages._lend_texts()

    assert not hasattr(DjangoTranslation, "_add_fallback")


def test_scripts_of_the_admin_speak_uzbek_with_our_names(rf):
    with translation.override("kaa"):
        view = JavaScriptCatalog.as_view(packages=["django.contrib.admin"])
        told = view(rf.get("/")).content.decode()

    assert '"Monday": "D\\u00fayshembi"' in told
    assert '"Cancel": "Bekor qilish"' in told
    assert '""' not in told.split("newcatalog = {")[1].split("};")[0]  # no plural without a text


# Dates and numbers.


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("kaa", "2026-jıl 26-noyabr", "2026-jıl 26-noyabr, 7:05"),
        ("kaa-cyrl", "2026-jıl 26-noyabr", "2026-jıl 26-noyabr, 7:05"),
        ("uz", "26-Noyabr, 2026-yil", "26-Noyabr, 2026-yil 7:05"),
        ("ru", "26 ноября 2026 г.", "26 ноября 2026 г. 7:05"),
        ("en", "Nov. 26, 2026", "Nov. 26, 2026, 7:05 a.m."),
    ],
)
def test_dates_are_written_as_people_write_them(language, day, moment):
    with translation.override(language):
        assert formats.date_format(MOMENT) == day
        assert formats.date_format(MOMENT, "DATETIME_FORMAT") == moment


def test_months_and_days_have_karakalpak_names():
    with translation.override("kaa"):
        months = [dateformat.format(date(2026, month, 1), "F") for month in range(1, 13)]
        days = [dateformat.format(date(2026, 11, day), "l") for day in range(23, 30)]
        assert dateformat.format(MOMENT, "D, j N, M b E") == "Piy, 26 noy, Noy noy noyabr"

        short = {dateformat.format(date(2026, month, 1), "N") for month in range(1, 13)}
        shorter = {dateformat.format(date(2026, month, 1), "b") for month in range(1, 13)}

    assert len(short) == len(shorter) == 12
    assert [*months[0::4], months[11]] == ["Yanvar", "May", "Sentyabr", "Dekabr"]
    assert len(set(months)) == 12
    assert days == [
        "Dúyshembi",
        "Siyshembi",
        "Sárshembi",
        "Piyshembi",
        "Juma",
        "Shembi",
        "Ekshembi",
    ]


def test_numbers_are_written_as_people_write_them():
    with translation.override("kaa"):
        written = formats.number_format("1234567.5", 2, force_grouping=True)

    assert written == "1\xa0234\xa0567,50"
    assert formats.get_format("FIRST_DAY_OF_WEEK", "kaa") == 1


def test_formats_of_the_site_win(settings):
    formats.reset_format_cache()
    settings.FORMAT_MODULE_PATH = ["tests.core.own_formats"]
    try:
        assert formats.get_format("DATE_FORMAT", "kaa") == "j.n.Y"
        assert formats.get_format("DECIMAL_SEPARATOR", "kaa") == ","
    finally:
        formats.reset_format_cache()


def test_threads_speak_different_languages_at_once():
    told, ready = {}, threading.Barrier(4)

    def speak(language):
        with translation.override(language):
            ready.wait(10)
            told[language] = dateformat.format(MOMENT, "l")
            ready.wait(10)

    threads = [threading.Thread(target=speak, args=[code]) for code, _name in FOUR]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)

    assert told == {"en": "Thursday", "uz": "Payshanba", "kaa": "Piyshembi", "ru": "Четверг"}


# Which language a browser is answered in.


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("kaa", "kaa"),
        ("kaa-UZ,ru;q=0.5", "kaa"),
        ("kaa-Cyrl", "kaa"),
        ("uz-Latn-UZ,en;q=0.3", "uz"),
        ("uz-Cyrl", "uz"),
        ("ru-RU", "ru"),
        ("fr,de;q=0.9", "en"),
        ("xx-nonsense,*;q=0.1", "en"),
        ("ru;q=0,kaa;q=0.2", "kaa"),
    ],
)
@pytest.mark.django_db
def test_a_browser_is_answered_in_its_language(four_languages, asked, answered):
    answer = Client().get("/api/v1/products/", headers={"Accept-Language": asked})

    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == answered
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_reader_can_choose_it(four_languages, rf, settings):
    answer = set_language(rf.post("/i18n/setlang/", {"language": "kaa", "next": "/"}))

    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "kaa"


@pytest.mark.django_db
def test_a_site_without_karakalpak_answers_in_uzbek(settings):
    settings.LANGUAGES = [("en", "English"), ("uz", "Oʻzbekcha")]

    answer = Client().get("/api/v1/products/", headers={"Accept-Language": "kaa,en;q=0.9"})

    assert answer.headers["Content-Language"] == "uz"


@pytest.mark.django_db
def test_a_site_without_either_does_not_mind(settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]

    answer = Client().get("/api/v1/products/", headers={"Accept-Language": "kaa,de;q=0.9"})

    assert answer.headers["Content-Language"] == "de"
