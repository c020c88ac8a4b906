"""What a search looks in, and what it is asked: the same word in every tradition meets itself."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkit.catalog.search.keys import key_of
from shopkit.catalog.search.questions import MOST_WORDS, read_question

# Spellings that people use for one word; each is a name, and each is looked for.
SAME = {
    "Uzbek apostrophes": ["oʻzbek", "o'zbek", "o‘zbek", "o’zbek", "o`zbek", "o´zbek", "oʼzbek",
                          "o\u2032zbek", "ozbek", "ўзбек", "ЎЗБЕК"],
    "Uzbek gʻ": ["gʻilof", "g'ilof", "gilof", "ғилоф"],
    "Uzbek without its letters": ["қизил", "кизил", "qizil", "kizil"],
    "Uzbek h and x": ["ҳалол", "халол", "halol", "xalol"],
    "Uzbek sh and ch": ["шиша чойнак", "shisha choynak"],
    "Uzbek e at the beginning": ["ер", "yer", "er"],
    "Uzbek tutuq": ["санъат", "sanʼat", "san'at", "sanat"],
    "Karakalpak": ["kóylek", "көйлек", "koylek"],
    "Karakalpak ı and ń": ["ortalıq tań", "орталық таң", "ORTALIQ TAŃ"],
    "Karakalpak ǵ and á": ["baǵ áyne", "бағ әйне", "bag ayne"],
    "Karakalpak w": ["suw", "суў", "suv"],
    "Karakalpak c": ["cirk", "цирк", "sirk", "tsirk"],
    "Russian ё": ["ёлка", "елка", "yolka", "Ёлка"],
    "Russian щ": ["щётка", "щетка", "shchetka", "shchyotka"],
    "Russian х": ["холодильник", "xolodilnik", "holodilnik", "kholodilnik"],
    "Russian ж": ["жилет", "jilet", "zhilet"],
    "Russian ь": ["бульон", "bulyon"],
    "Russian doubles": ["аккумулятор", "akkumulyator", "akumulyator"],
    "Russian ъ": ["объектив", "obyektiv", "obektiv"],
    "Turkish": ["çay", "чай", "chay", "ÇAY"],
    "Turkish i": ["ışık", "IŞIK", "ishik"],
    "brands": ["Coca-Cola", "Кока-Кола", "coca cola"],
    "accents": ["café", "cafe", "CAFÉ", "кафе", "cafe\u0301"],
    "a unit": ["256gb", "256 gb", "256 GB", "256-ГБ"],
    "a unit of one letter": ["2l", "2л", "2 l", "2-Л"],
    "a model": ["iphone15", "iPhone 15", "IPHONE-15"],
    "unseen characters": ["xolo\u00addilnik", "xolo\u200bdilnik", "xolodilnik"],
}  # fmt: skip
PAIRS = [(one, other) for words in SAME.values() for one, other in permutations(words, 2)]


def meets(text: str, name: str) -> bool:
    question = read_question(text)
    return bool(question.words) and question.is_met_by(key_of([name]))


@pytest.mark.parametrize(("text", "name"), PAIRS)
def test_every_spelling_finds_every_other(text, name):
    assert meets(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("yoʻl", "elektr choynak"),  # heard as "el", which is too short to begin a word
        ("yer", "erkaklar kiyimi"),
        ("qora", "oq koʻylak"),
        ("lamp 5", "lamp"),
    ],
)
def test_what_only_sounds_a_little_alike_stays_apart(text, name):
    assert not meets(text, name)


def test_a_name_stands_between_bars_and_further_words_before_them():
    key = key_of(["Oq koʻylak", "Ёлка"], ["KY-77", "Qizil", "koʻylak", "Qizil"])

    assert key == " 77 kizil ky qizil | oq koylak | yolka | ok koylak | elka |"


def test_a_letter_and_the_number_beside_it_are_found_together_and_apart():
    assert key_of(["Galaxy S24 2 l"]) == " 24 2l s | galaxy s24 2 l | galahy s24 2 l |"
    assert key_of(["Galaxy S 24"]) == " s24 | galaxy s 24 | galahy s 24 |"


@given(st.lists(st.text(max_size=30), max_size=4), st.lists(st.text(max_size=30), max_size=4))
def test_the_order_of_further_words_is_no_matter_and_all_words_are_there(names, others):
    key = key_of(names, others)

    assert key == key_of(names, others[::-1])
    for text in (*names, *others):
        assert read_question(text).is_met_by(key)


@given(st.text())
def test_a_key_has_bars_and_blanks_only_where_they_mean_something(text):
    key = key_of([text], [text])

    assert key.startswith(" ")
    assert key.endswith("|")
    assert "  " not in key
    assert key.count("|") <= 3


def test_a_question_is_its_first_ten_words_none_twice():
    question = read_question("one two one " + " ".join(f"w{n}" for n in range(20)))

    assert len(question.words) <= MOST_WORDS
    assert [one.written for one in question.words[:2]] == ["one", "two"]
    assert read_question(" %% — ").words == ()
