"""Texts of the catalogue in the reader's language, with its neighbours where one is missing."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import translation

from shopkit.catalog.models import Category, Product
from shopkit.catalog.services.attributes import create_value, update_attribute, update_value
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    create_product,
    update_product,
)
from shopkit.catalog.services.tree import update_category
from shopkit.catalog.testing import make_attribute, make_category
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
    assert all_texts("Shirt", NAMES) == ["Shirt", "Koʻylak", "Рубашка"]
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


# Over HTTP.


@pytest.fixture
def four_languages(settings):
    settings.LANGUAGES = FOUR


@pytest.mark.django_db
def test_readers_are_shown_their_languages(client, four_languages):
    clothes = make_category(name="Clothes", translations={"uz": {"name": "Kiyimlar"}})
    make_attribute(code="colour", name="Colour", translations={"uz": {"name": "Rang"}})
    shirt_with(NAMES, categories=[clothes.pk])

    def seen(language):
        spoken = {"HTTP_ACCEPT_LANGUAGE": language}
        [card] = client.get(f"{API}products/", **spoken).json()["results"]
        page = client.get(f"{API}products/{card['id']}/", **spoken).json()
        [node] = client.get(f"{API}categories/", **spoken).json()
        [attribute] = client.get(f"{API}attributes/", **spoken).json()
        assert card["name"] == page["name"]
        assert card["category"]["name"] == node["name"]
        return card["name"], node["name"], attribute["name"], page["description"]

    assert seen("kaa") == ("Koʻylak", "Kiyimlar", "Rang", "Хлопок")
    assert seen("ru") == ("Рубашка", "Clothes", "Colour", "Хлопок")
    assert seen("en") == ("Shirt", "Clothes", "Colour", "")
    assert seen("fr") == ("Shirt", "Clothes", "Colour", "")


@pytest.mark.django_db
def test_a_page_of_cards_costs_the_same_in_every_language(
    client, four_languages, django_assert_num_queries
):
    for number in range(5):
        variants = [VariantData(price=Decimal(100), sku=f"S{number}")]
        create_product(ProductData(name="Shirt", translations=NAMES, variants=variants))

    for language in ("en", "kaa", "ru"):
        with django_assert_num_queries(1):
            client.get(f"{API}products/", HTTP_ACCEPT_LANGUAGE=language)


@pytest.mark.django_db
def test_names_are_sorted_in_the_main_language(client, four_languages):
    for name, uzbek in (("Apple", "Olma"), ("Banana", "Banan")):
        variants = [VariantData(price=Decimal(100), sku=name)]
        texts = {"uz": {"name": uzbek}}
        create_product(ProductData(name=name, translations=texts, variants=variants))

    answer = client.get(f"{API}products/?ordering=name", HTTP_ACCEPT_LANGUAGE="uz").json()

    assert [card["name"] for card in answer["results"]] == ["Olma", "Banan"]


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["shirt", "koylak", "кўйлак", "рубашка", "rubashka"])
@pytest.mark.parametrize("language", ["en", "kaa"])
def test_a_product_is_found_by_its_name_in_any_language(client, four_languages, query, language):
    shirt_with(NAMES)

    answer = client.get(f"{API}products/?search={query}", HTTP_ACCEPT_LANGUAGE=language).json()

    assert len(answer["results"]) == 1


@pytest.fixture
def rows(db):
    """One of each kind, by the path of it."""
    colour = make_attribute(code="colour", name="Colour", translations={"uz": {"name": "Rang"}})
    red = create_value(colour, value="Red", translations={"uz": {"value": "Qizil"}})
    clothes = make_category(name="Clothes", translations={"uz": {"name": "Kiyim"}})
    shirt = shirt_with({"uz": {"name": "Koʻylak"}})
    return {
        f"products/{shirt.pk}/": (shirt, "name"),
        f"categories/{clothes.slug}/": (clothes, "name"),
        "attributes/colour/": (colour, "name"),
        f"attributes/colour/values/{red.pk}/": (red, "value"),
    }


def test_staff_change_a_text_and_leave_the_others(rows, as_staff):
    for path, (row, member) in rows.items():
        before = row.translations
        body = {"translations": {"kaa": {member: "…"}}}
        assert as_staff.patch(API + path, body, format="json").status_code == 200
        row.refresh_from_db()
        assert row.translations == {**before, "kaa": {member: "…"}}

        body = {"translations": {"uz": {member: None}, "ru": None}}
        assert as_staff.patch(API + path, body, format="json").status_code == 200
        row.refresh_from_db()
        assert row.translations == {"kaa": {member: "…"}}


def test_wrong_texts_are_refused_with_their_name(rows, as_staff):
    for path, (row, member) in rows.items():
        before = row.translations
        for wrong in (
            {"uz": {"price": "1"}},
            {"uz": "Koʻylak"},
            {"UZ": {member: "…"}},
            {"uz": {member: 7}},
            {"uz": {member: "x" * 201}},
            {f"l{n:02}".replace("0", "a").replace("1", "b"): {member: "…"} for n in range(100)},
        ):
            answer = as_staff.patch(API + path, {"translations": wrong}, format="json")
            assert answer.status_code == 400, (path, wrong)
            assert [one["attr"] for one in answer.json()["errors"]] == ["translations"]
            row.refresh_from_db()
            assert row.translations == before


@pytest.mark.django_db
def test_a_replacement_leaves_nothing_of_the_old_texts(as_staff):
    shirt = shirt_with(NAMES)
    path = f"{API}products/{shirt.pk}/"

    as_staff.put(path, {"name": "Shirt", "translations": {"kaa": {"name": "K"}}}, format="json")
    shirt.refresh_from_db()
    assert shirt.translations == {"kaa": {"name": "K"}}

    as_staff.put(path, {"name": "Shirt"}, format="json")
    shirt.refresh_from_db()
    assert shirt.translations == {}


@pytest.mark.django_db
def test_a_new_row_may_be_given_nulls(as_staff):
    body = {"name": "Hats", "translations": {"uz": None, "ru": {"name": "Шапки"}}}

    assert as_staff.post(f"{API}categories/", body, format="json").status_code == 201
    assert Category.objects.get().translations == {"ru": {"name": "Шапки"}}


def test_staff_read_all_texts_back(rows, as_staff, four_languages):
    for path, (row, member) in rows.items():
        answer = as_staff.get(f"{API}{path}translations/", HTTP_ACCEPT_LANGUAGE="ru")
        assert answer.status_code == 200
        told = answer.json()
        assert told["language"] == "en"
        assert told["texts"][member] == getattr(row, member)
        assert told["translations"] == row.translations
        assert told["missing"] == ["kaa", "ru"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_else_reads_them_back(rows, client, as_user):
    for path in rows:
        assert client.get(f"{API}{path}translations/").status_code == 401
        assert as_user.get(f"{API}{path}translations/").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "products/none/",
        "products/99999999/",
        "categories/none/",
        "attributes/none/",
        "attributes/colour/values/99999999/",
        "attributes/none/values/1/",
    ],
)
def test_what_is_not_there_is_404(rows, as_staff, path):
    assert as_staff.get(f"{API}{path}translations/").status_code == 404
