"""Bringing a catalogue up to date keeps what translators wrote and changes nothing by itself."""

import gettext

import pytest

from tools.messages.catalogues import known_in, path_of, update
from tools.messages.sources import Text

NAME = Text("", "name")
DAYS = Text("", "%d day", "%d days")
SENT = Text("SMS", "Sent.")
SOURCES = {NAME: ["shop/models.py"], DAYS: ["shop/admin.py"], SENT: ["shop/kinds.py"]}


@pytest.fixture
def shop(tmp_path):
    update(tmp_path, SOURCES, "ru")
    return tmp_path


def read(shop):
    return path_of(shop, "ru").read_text(encoding="utf-8")


def write(shop, *changes):
    """Fill words in as a translator does."""
    text = read(shop)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path_of(shop, "ru").write_text(text, encoding="utf-8")


def compiled(shop):
    with path_of(shop, "ru").with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_a_new_catalogue_holds_every_text_with_its_file_and_as_many_forms_as_the_language_has(shop):
    assert read(shop) == (
        'msgid ""\n'
        'msgstr ""\n'
        '"Language: ru\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4'
        ' && (n%100<12 || n%100>14) ? 1 : 2);"\n'
        "\n"
        "#: shop/models.py\n"
        'msgid "name"\n'
        'msgstr ""\n'
        "\n"
        "#: shop/admin.py\n"
        "#, python-format\n"
        'msgid "%d day"\n'
        'msgid_plural "%d days"\n'
        'msgstr[0] ""\n'
        'msgstr[1] ""\n'
        'msgstr[2] ""\n'
        "\n"
        "#: shop/kinds.py\n"
        'msgctxt "SMS"\n'
        'msgid "Sent."\n'
        'msgstr ""\n'
    )


def test_updating_twice_changes_nothing(shop):
    first = read(shop), path_of(shop, "ru").with_suffix(".mo").read_bytes()
    update(shop, SOURCES, "ru")

    assert (read(shop), path_of(shop, "ru").with_suffix(".mo").read_bytes()) == first


def test_words_are_kept_compiled_and_counted(shop):
    write(
        shop,
        ('msgid "name"\nmsgstr ""', '# of a shop\nmsgid "name"\nmsgstr "имя"'),
        ('msgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""', 'msgstr[0] "%d день"\n' * 3),
    )
    write(
        shop,
        (
            'msgstr[0] "%d день"\n' * 3,
            'msgstr[0] "%d день"\nmsgstr[1] "%d дня"\nmsgstr[2] "%d дней"\n',
        ),
    )

    assert update(shop, SOURCES, "ru") == 1
    assert "# of a shop\n" in read(shop)
    assert compiled(shop).gettext("name") == "имя"
    said = [compiled(shop).ngettext("%d day", "%d days", count) for count in (1, 3, 5, 21)]
    assert said == ["%d день", "%d дня", "%d дней", "%d день"]


def test_a_text_with_words_in_some_forms_keeps_them_and_is_not_compiled(shop):
    write(shop, ('msgstr[0] ""', 'msgstr[0] "%d день"'))

    assert update(shop, SOURCES, "ru") == 3
    assert 'msgstr[0] "%d день"' in read(shop)
    assert compiled(shop).ngettext("%d day", "%d days", 1) == "%d day"


def test_a_text_that_is_gone_is_dropped_and_a_guess_is_not_taken_for_words(shop):
    write(
        shop,
        ('msgid "name"\nmsgstr ""', '#, fuzzy\nmsgid "name"\nmsgstr "звание"'),
        ('msgid "Sent."\nmsgstr ""', 'msgid "Sent."\nmsgstr "Poslano."'),
    )
    with path_of(shop, "ru").open("a", encoding="utf-8") as file:
        file.write('\n#~ msgid "old"\n#~ msgstr "старое"\n')
    update(shop, {NAME: ["shop/models.py"]}, "ru")

    assert read(shop).endswith('#: shop/models.py\nmsgid "name"\nmsgstr ""\n')
    assert "Sent." not in read(shop)


def test_the_same_words_in_another_context_are_another_text(shop):
    update(shop, {Text("", "Sent."): ["a.py"], SENT: ["a.py"]}, "ru")
    write(
        shop,
        ('msgctxt "SMS"\nmsgid "Sent."\nmsgstr ""', 'msgctxt "SMS"\nmsgid "Sent."\nmsgstr "S"'),
    )
    update(shop, {Text("", "Sent."): ["a.py"], SENT: ["a.py"]}, "ru")

    assert compiled(shop).gettext("Sent.") == "Sent."
    assert compiled(shop).pgettext("SMS", "Sent.") == "S"


def test_an_app_that_says_nothing_keeps_no_files(shop):
    update(shop, {}, "ru")

    assert not path_of(shop, "ru").exists()
    assert not path_of(shop, "ru").with_suffix(".mo").exists()


def test_a_new_text_gets_the_words_that_another_app_has_for_it(shop):
    write(shop, ('msgid "name"\nmsgstr ""', 'msgid "name"\nmsgstr "имя"'))

    other = shop / "other"
    assert update(other, SOURCES, "ru") == 3

    assert update(other, SOURCES, "ru", known_in([shop, other], "ru")) == 2
    assert compiled(other).gettext("name") == "имя"


def test_what_an_app_says_itself_is_not_said_over_by_another(shop):
    write(shop, ('msgid "name"\nmsgstr ""', 'msgid "name"\nmsgstr "имя"'))
    other = shop / "other"
    update(other, SOURCES, "ru")
    write(other, ('msgid "name"\nmsgstr ""', 'msgid "name"\nmsgstr "название"'))
    update(other, SOURCES, "ru", known_in([shop, other], "ru"))

    assert compiled(other).gettext("name") == "название"
