"""Texts of the catalogue in the reader's language, with its neighbours where one is missing."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import translation

from shopkit.catalog.models import Product
from shopkit.catalog.services.attributes import create_value, update_attribute, update_value
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    create_product,
    update_product,
)
from shopkit.catalog.services.tree import update_category
from shopkit.catalog.testing import (
    make_attribute,
    make_category,
    make_product,
    make_variant,
)
from shopkit.catalog.translation import (
    TranslationChanges,
    all_texts,
    in_language,
    main_language,
    merged,
    other_languages,
    reading_language,
    translated,
)
from shopkit.core.testing import assert_books_balance

API = "/api/v1/"
FOUR = [("en", "English"), ("uz", "Oʻzbekcha"), ("kaa", "Qaraqalpaqsha"), ("ru", "Русский")]
NAMES = {"uz": {"name": "Koʻylak"}, "ru": {"name": "Рубашка", "description": "Хлопок"}}


def shirt_with(translations, **own):
    variants = [VariantData(price=Decimal(100), sku="S")]
    return create_product(
        ProductData(name="Shirt", translations=translations, variants=variants, **own)
    )


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Shirt"),
        ("uz", "Koʻylak"),
        ("kaa", "Koʻylak"),
        ("kaa-cyrl", "Koʻylak"),
        ("uz-latn", "Koʻylak"),
        ("ru", "Рубашка"),
        ("de", "Shirt"),
    ],
)
def test_a_name_is_shown_in_the_nearest_language(language, shown):
    with translation.override(language):
        assert translated("Shirt", NAMES) == shown
        assert Product(name="Shirt", translations=NAMES).text("name") == shown


def test_each_text_falls_back_by_itself():
    product = Product(name="Shirt", description="Cotton", translations=NAMES)

    with translation.override("kaa"):
        assert (product.text("name"), product.text("description")) == ("Koʻylak", "Хлопок")
    with translation.override("en"):
        assert (product.text("name"), product.text("description")) == ("Shirt", "Cotton")


def test_the_column_is_the_main_languages_own_text(settings):
    texts = {"en": {"name": "Old"}, "uz": {"name": "Koʻylak"}}

    with translation.override("en"):
        assert translated("Shirt", texts) == "Shirt"
    settings.LANGUAGE_CODE = "uz"
    with translation.override("uz"):
        assert translated("Koʻylakcha", texts) == "Koʻylakcha"
    with translation.override("en"):
        assert translated("Koʻylakcha", texts) == "Old"


def test_what_the_main_language_lacks_is_shown_from_the_next(settings):
    settings.LANGUAGE_CODE = "uz"

    with translation.override("kaa"):
        assert translated("", NAMES, "description") == "Хлопок"
    with translation.override("uz"):
        assert translated("", NAMES, "description") == "Хлопок"
    with translation.override("en"):
        assert translated("", NAMES, "description") == ""


def test_languages_are_asked_for_once_for_many_texts(settings):
    with translation.override("kaa"):
        codes = reading_language()
    with translation.override("ru"):
        assert in_language(codes, "Shirt", NAMES) == "Koʻylak"
        assert Product(name="Shirt", translations=NAMES).text("name", codes) == "Koʻylak"


@pytest.mark.parametrize("text", ["", None])
def test_an_empty_translation_is_none(text):
    with translation.override("uz"):
        assert translated("Shirt", {"uz": {"name": text}, "ru": {}}) == "Shirt"


def test_a_search_looks_at_all_texts():
    assert all_texts("Shirt", NAMES) == ["Shirt", "Рубашка", "Koʻylak"]
    assert all_texts("", NAMES, "description") == ["", "Хлопок"]


# What a site translates into.


def test_the_languages_of_the_site_but_the_main_one(settings):
    settings.LANGUAGES = FOUR
    assert [code for code, _name in other_languages()] == ["uz", "kaa", "ru"]
    assert Product(name="Shirt", translations=NAMES).missing_languages() == ["kaa"]

    settings.LANGUAGE_CODE = "uz"
    assert [code for code, _name in other_languages()] == ["en", "kaa", "ru"]


@pytest.mark.parametrize(
    ("code", "listed", "main"),
    [("en-us", "en", "en"), ("pt-br", "pt-br", "pt-br"), ("pt-br", "pt", "pt")],
)
def test_the_main_language_is_called_as_the_list_calls_it(settings, code, listed, main):
    settings.LANGUAGE_CODE = code
    settings.LANGUAGES = [(listed, "Main"), ("uz", "Oʻzbekcha")]

    assert main_language() == main
    assert [code for code, _name in other_languages()] == ["uz"]


def test_a_site_that_lists_none_translates_into_none():
    assert other_languages() == []
    assert Product(name="Shirt").missing_languages() == []


# Changing.


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, NAMES),
        ({"kaa": {"name": "Kóylek"}}, {**NAMES, "kaa": {"name": "Kóylek"}}),
        (
            {"ru": {"name": "Сорочка"}},
            {**NAMES, "ru": {"name": "Сорочка", "description": "Хлопок"}},
        ),
        ({"ru": {"description": None}}, {**NAMES, "ru": {"name": "Рубашка"}}),
        ({"ru": {"description": ""}}, {**NAMES, "ru": {"name": "Рубашка"}}),
        ({"uz": {"name": None}}, {"ru": NAMES["ru"]}),
        ({"uz": None, "ru": None, "kaa": None}, {}),
        ({"uz": {}}, NAMES),
        ({"uz": "text"}, {**NAMES, "uz": "text"}),  # refused afterwards
    ],
)
def test_changes_are_laid_over_what_there_is(changes, left):
    before = {language: dict(texts) for language, texts in NAMES.items()}

    assert merged(NAMES, changes) == left
    assert before == NAMES


@pytest.mark.django_db
def test_every_row_takes_changes_and_replacements():
    colour = make_attribute(code="colour", name="Colour", translations={"uz": {"name": "Rang"}})
    red = create_value(colour, value="Red", translations={"uz": {"value": "Qizil"}})
    clothes = make_category(name="Clothes", translations={"uz": {"name": "Kiyim"}})
    shirt = shirt_with({"uz": {"name": "Koʻylak"}})
    rows = [
        (update_product, shirt, "name"),
        (update_category, clothes, "name"),
        (update_attribute, colour, "name"),
        (update_value, red, "value"),
    ]
    for update, row, member in rows:
        before = row.translations
        more = TranslationChanges({"ru": {member: "…"}})
        changed = update(row, changes={"translations": more})
        assert changed.translations == {**before, "ru": {member: "…"}}
        assert update(row, changes={"translations": {"ru": {member: "!"}}}).translations == {
            "ru": {member: "!"}
        }


@pytest.mark.django_db
def test_a_member_that_is_not_translated_is_refused_for_every_row():
    shirt, clothes = shirt_with({}), make_category(name="Clothes")
    colour = make_attribute(code="colour", name="Colour")
    red = create_value(colour, value="Red")
    rows = [
        (update_product, shirt),
        (update_category, clothes),
        (update_attribute, colour),
        (update_value, red),
    ]
    for update, row in rows:
        with pytest.raises(ValidationError) as refused:
            update(row, changes={"translations": TranslationChanges({"ru": {"price": "1"}})})
        assert set(refused.value.error_dict) == {"translations"}
        row.refresh_from_db()
        assert row.translations == {}


barrier_of_the_test = threading.Barrier(3)


def blind_change(update, row, texts):
    """Change translations as one would without a lock: read, lay over, write."""
    model = type(row)
    stored = model.objects.get(pk=row.pk).translations
    barrier_of_the_test.wait(10)
    model.objects.filter(pk=row.pk).update(translations=merged(stored, texts))


def locked_change(update, row, texts):
    """Change them by the service."""
    barrier_of_the_test.wait(10)
    update(row, changes={"translations": TranslationChanges(texts)})


def a_value():
    return create_value(make_attribute(code="colour", name="Colour"), value="Red")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("change", "kept"), [(locked_change, True), (blind_change, False)])
@pytest.mark.parametrize(
    ("make", "update"),
    [
        (lambda: shirt_with({}), update_product),
        (lambda: make_category(name="Clothes"), update_category),
        (lambda: make_attribute(code="colour", name="Colour"), update_attribute),
        (a_value, update_value),
    ],
    ids=["product", "category", "attribute", "value"],
)
def test_translators_at_once_do_not_lose_each_others_texts(make, update, change, kept):
    row = make()
    member = row.translatable[0]

    def translate(language):
        try:
            change(update, row, {language: {member: language}})
        finally:
            connection.close()

    threads = [threading.Thread(target=translate, args=[code]) for code in ("uz", "kaa", "ru")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)

    row.refresh_from_db()
    assert (set(row.translations) == {"uz", "kaa", "ru"}) is kept


@pytest.mark.django_db
def test_search_keys_do_not_depend_on_the_order_of_languages():
    """PostgreSQL gives JSON back by the length of its keys, whatever was written."""
    texts = {"uz": {"name": "Kitob"}, "kaa": {"name": "Kitap"}, "ru": {"name": "Книга"}}
    book = make_category(name="Book", translations=texts)
    make_variant(product=make_product(name="Book", translations=texts, categories=[book]))

    assert all_texts("Book", texts) == all_texts("Book", dict(reversed(texts.items())))
    assert_books_balance("catalog.search", "catalog.cached")
