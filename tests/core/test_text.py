"""Folding: the same word however it is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkit.core.text import fold, make_slug, search_key


def nothing_taken(slug):
    return False


@pytest.mark.parametrize(
    ("spellings", "folded"),
    [
        (["Oʻzbek", "O'zbek", "O‘zbek", "O’zbek", "O`zbek", "Ўзбек", "ЎЗБЕК", "ozbek"], "ozbek"),
        (["Qaraqalpaq", "Қарақалпақ", "ҚАРАҚАЛПАҚ"], "qaraqalpaq"),
        (["Ёлка", "ёлка", "Yolka"], "yolka"),
        (["Café", "Cafe\u0301", "CAFE"], "cafe"),
        (["Strasse", "Straße"], "strasse"),
        (["\uff21\uff22\uff23\uff11\uff12", "abc12"], "abc12"),
        (["g'oza", "Ғоза", "gʻoza"], "goza"),
        (["Iğdır", "IGDIR"], "igdir"),
    ],
)
def test_every_spelling_of_a_word_folds_to_the_same_text(spellings, folded):
    assert {fold(spelling) for spelling in spellings} == {folded}


@given(st.text())
def test_folding_what_is_folded_changes_nothing_more(text):
    assert search_key(search_key(text)) == search_key(text)


def test_a_search_key_is_the_words_with_one_blank_between_them():
    assert search_key("  Чой-пиёла,", "«Oʻzbek»  №5_x") == "choy piyola ozbek no5 x"
    assert search_key("", "—") == ""


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Blue cup", "blue-cup"),
        ("Кўк пиёла", "kok-piyola"),
        ("Oʻzbek choyi", "ozbek-choyi"),
        ("2024", "n-2024"),
        ("--Cup--", "cup"),
    ],
)
def test_a_slug_reads_like_the_name(text, slug):
    assert make_slug(text, is_taken=nothing_taken) == slug


@pytest.mark.parametrize("text", ["", "   ", "茶", "№", "!!!", "---"])
def test_a_slug_is_never_empty(text):
    slug = make_slug(text, is_taken=nothing_taken)

    assert re.fullmatch(r"(n|no)(-[a-z0-9]{8})?", slug), slug
    assert slug != "n"


@given(st.text(), st.integers(20, 120))
def test_a_slug_is_short_plain_and_never_all_digits(text, most):
    slug = make_slug(text, is_taken=nothing_taken, max_length=most)

    assert re.fullmatch(r"[a-z0-9_-]+", slug)
    assert not slug.isdigit()
    assert len(slug) <= most


def test_a_taken_slug_gets_a_random_ending_and_stays_short():
    taken = {"cup"}

    first, second = (make_slug("Cup", is_taken=taken.__contains__) for _ in range(2))

    assert re.fullmatch(r"cup-[a-z0-9]{8}", first)
    assert first != second
    assert len(make_slug("x" * 300, is_taken=lambda slug: len(slug) < 112)) <= 120


def test_two_names_of_one_product_cannot_get_one_slug():
    taken = set()
    for _ in range(50):
        taken.add(make_slug("Cup", is_taken=taken.__contains__))

    assert len(taken) == 50
