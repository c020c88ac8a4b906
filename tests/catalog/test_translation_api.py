"""Texts in several languages over HTTP: as readers see them, as staff write and read them."""

from decimal import Decimal

import pytest

from shopkit.catalog.models import Category
from shopkit.catalog.services.attributes import create_value
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.testing import make_attribute, make_category

from .test_translation import FOUR, NAMES, shirt_with

API = "/api/v1/"


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


def test_a_text_that_is_too_long_is_told_how_long_it_may_be(rows, as_staff):
    for path, (_row, member) in rows.items():
        wrong = {"translations": {"uz": {member: "x" * 201}}}
        answer = as_staff.patch(API + path, wrong, format="json")
        assert answer.json()["detail"] == f"“{member}” has at most 200 characters."


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
