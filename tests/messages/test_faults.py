"""The check fails on everything that it is there for, each seen here on a small catalogue."""

import pytest

from tools.messages.catalogues import messages_of, path_of, read, update
from tools.messages.faults import catalogue_faults, faults_in, quarrels
from tools.messages.sources import Text

TEXT = Text("", "Hello %(name)s, %(count)s left.")
PLACES = {TEXT: ["shop/a.py"]}


def check(home, language, sources, words, *, fresh=True):
    """Return the faults of a catalogue with these lines in place of the empty words."""
    update(home, sources, language)
    path = path_of(home, language)
    text = path.read_text(encoding="utf-8")
    head, _, body = text.partition("\n\n")
    path.write_text(head + "\n\n" + words(body), encoding="utf-8")
    if fresh:
        update(home, sources, language)
    return list(catalogue_faults(home, language, sources))


def saying(words):
    escaped = words.replace("\n", "\\n")
    return lambda body: body.replace('msgstr ""', f'msgstr "{escaped}"')


def test_a_good_catalogue_has_no_fault(tmp_path):
    good = saying("Привет, %(name)s, осталось: %(count)s.")

    assert check(tmp_path, "ru", PLACES, good) == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("", "has no words"),
        ("Привет, осталось: %(count)s.", "has other places to fill"),
        ("Привет, %(nam)s, осталось: %(count)s.", "has other places to fill"),
        ("Привет, %(name)s, осталось: %(count)d.", "has other places to fill"),
        ("Привет, %(name)s, осталось: %(count)s", "begins or ends in another way"),
        ("Привет, %(name)s, осталось: %(count)s. ", "begins or ends in another way"),
        (" Привет, %(name)s, осталось: %(count)s.", "begins or ends in another way"),
        ("Привет, %(name)s, осталось: %(count)s.\n", "begins or ends in another way"),
        ("Привет, %(name)s, осталось: %(count)s!", "begins or ends in another way"),
        ("Пpивет, %(name)s, осталось: %(count)s.", "mixes Latin and Cyrillic"),
    ],
)
def test_words_that_do_not_fit_are_named(tmp_path, words, fault):
    (found,) = check(tmp_path, "ru", PLACES, saying(words))

    assert found.startswith(f"{TEXT} {fault}")


@pytest.mark.parametrize(
    ("text", "words", "is_good"),
    [
        ("%s of %d", "%d из %s", False),  # they are filled by position
        ("%s of %d", "%s из %d", True),
        ("At most {max}.", "Не больше {min}.", False),
        ("At most {max}.", "Не больше {max}.", True),
        ("<b>%(n)s</b>", "%(n)s", False),
        ("100%% sure", "Уверены на 100%%", True),
        ("Order %(n)s: %(status)s", "%(status)s: заказ %(n)s", True),
    ],
)
def test_what_is_filled_in_is_the_same(tmp_path, text, words, is_good):
    faults = check(tmp_path, "ru", {Text("", text): ["a.py"]}, saying(words))

    assert (faults == []) is is_good


def test_all_plural_forms_are_asked_for(tmp_path):
    sources = {Text("", "%d day", "%d days"): ["a.py"]}

    faults = check(
        tmp_path, "ru", sources, lambda body: body.replace('msgstr[0] ""', 'msgstr[0] "%d день"')
    )

    assert faults == ["'%d day' needs 3 plural forms"]


def test_one_form_may_leave_the_number_out_like_the_english_does(tmp_path):
    sources = {Text("", "One day", "%d days"): ["a.py"]}

    def words(body):
        for number, form in enumerate(("Один день", "%d дня", "дней")):
            body = body.replace(f'msgstr[{number}] ""', f'msgstr[{number}] "{form}"')
        return body

    assert check(tmp_path, "ru", sources, words) == []


def test_a_guess_is_a_fault(tmp_path):
    def fuzzy(body):
        return "#, fuzzy\n" + saying("Привет, %(name)s, осталось: %(count)s.")(body)

    faults = check(tmp_path, "ru", PLACES, fuzzy, fresh=False)

    assert f"{TEXT} is a guess (fuzzy)" in faults


def test_dead_entries_are_faults(tmp_path):
    good = saying("Привет, %(name)s, осталось: %(count)s.")
    dead = '\nmsgid "old"\nmsgstr "старое"\n\n#~ msgid "older"\n#~ msgstr "старее"\n'

    faults = check(tmp_path, "ru", PLACES, lambda body: good(body) + dead, fresh=False)

    assert "'old' is said nowhere any more" in faults
    assert any("'older'" in fault for fault in faults)


def test_a_missing_entry_and_stale_files_are_faults(tmp_path):
    check(tmp_path, "ru", PLACES, saying("Привет, %(name)s, осталось: %(count)s."))
    both = {Text("", "new"): ["shop/a.py"], **PLACES}

    assert list(catalogue_faults(tmp_path, "ru", both)) == [
        "'new' is missing",
        "django.po is stale",
    ]


def test_words_that_were_not_compiled_are_a_fault(tmp_path):
    good = saying("Привет, %(name)s, осталось: %(count)s.")

    assert check(tmp_path, "ru", PLACES, good, fresh=False) == ["django.mo is stale"]

    path_of(tmp_path, "ru").with_suffix(".mo").unlink()
    assert list(catalogue_faults(tmp_path, "ru", PLACES)) == ["django.mo is not there"]


@pytest.mark.parametrize("mark", ["'", "‘", "’", "`"])
def test_uzbek_is_written_with_its_own_letters(tmp_path, mark):
    sources = {Text("", "shop"): ["a.py"]}

    (fault,) = check(tmp_path / mark, "uz", sources, saying(f"do{mark}kon"))

    assert "apostrophe" in fault
    assert check(tmp_path / "good", "uz", sources, saying("doʻkon")) == []


@pytest.mark.parametrize(("words", "is_good"), [("Zakaz prinyat.", True), ("Заказ принят.", False)])
def test_a_text_for_phones_is_plain(tmp_path, words, is_good):
    sources = {Text("SMS", "Received."): ["a.py"]}

    assert (check(tmp_path, "ru", sources, saying(words)) == []) is is_good


def test_two_apps_may_not_say_the_same_differently(tmp_path):
    sources = {Text("", "state"): ["a.py"]}
    for app, words in (("orders", "состояние"), ("payments", "статус"), ("sms", "")):
        check(tmp_path / app, "ru", sources, saying(words))
    said = {
        app: messages_of(read(path_of(tmp_path / app, "ru")))
        for app in ("orders", "payments", "sms")
    }

    (quarrel,) = quarrels(said, "ru")
    assert quarrel.startswith("payments, ru: 'state' is 'статус' here and 'состояние' in orders")


def test_all_languages_and_apps_are_looked_at_and_the_way_out_is_told(tmp_path):
    app = tmp_path / "shop"
    app.mkdir()
    (app / "errors.py").write_text(
        'from django.utils.translation import gettext as _\n_("Not now.")\n'
    )

    *faults, hint = faults_in([app])

    for language in ("uz", "kaa", "ru"):
        assert f"shop, {language}: 'Not now.' is missing" in faults
    assert "make messages" in hint
