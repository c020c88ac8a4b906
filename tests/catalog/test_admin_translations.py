"""Texts in other languages, as a shopkeeper writes them in the admin."""

from decimal import Decimal

import pytest
from django.conf import global_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from shopkit.catalog.models import Attribute, AttributeValue, Category, Product
from shopkit.catalog.services.attributes import create_value
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.catalog.testing import make_attribute, make_category

from .test_admin import complaints, save

pytestmark = pytest.mark.django_db
ADMIN = "/admin/shopkit_catalog/"
LANGUAGES = [("en", "English"), ("uz", "Oʻzbekcha"), ("kaa", "Qaraqalpaqsha"), ("ru", "Русский")]


@pytest.fixture(autouse=True)
def four_languages(settings):
    settings.LANGUAGES = LANGUAGES


@pytest.fixture
def shopkeeper(staff):
    client = Client()
    client.force_login(staff)
    return client


def shirt_with(translations):
    variants = [VariantData(price=Decimal(100), sku="S")]
    return create_product(ProductData(name="Shirt", translations=translations, variants=variants))


def page_of(row):
    return f"{ADMIN}{row._meta.model_name}/{row.pk}/change/"


def test_a_product_is_made_with_its_names(shopkeeper):
    answer = save(
        shopkeeper,
        f"{ADMIN}product/add/",
        **{
            "name": "Shirt",
            "text:uz:name": "Koʻylak",
            "text:ru:name": "Рубашка",
            "text:ru:description": "Хлопок",
            "variants-0-price": "100",
        },
    )

    assert answer.status_code == 302, complaints(answer)
    product = Product.objects.get()
    assert product.translations == {
        "uz": {"name": "Koʻylak"},
        "ru": {"name": "Рубашка", "description": "Хлопок"},
    }
    assert "rubashka" in product.search_key


def test_names_are_changed_emptied_and_added_and_others_are_kept(shopkeeper):
    shirt = shirt_with(
        {
            "uz": {"name": "Koʻylak", "description": "Paxta"},
            "ru": {"name": "Рубашка"},
            "de": {"name": "Hemd"},  # a language the site no longer lists
        }
    )

    answer = save(
        shopkeeper,
        page_of(shirt),
        **{"text:uz:name": "Koʻylakcha", "text:ru:name": "", "text:kaa:name": "Kóylek"},
    )

    assert answer.status_code == 302, complaints(answer)
    shirt.refresh_from_db()
    assert shirt.translations == {
        "uz": {"name": "Koʻylakcha", "description": "Paxta"},
        "kaa": {"name": "Kóylek"},
        "de": {"name": "Hemd"},
    }


def test_what_another_translator_saved_meanwhile_stays(shopkeeper):
    shirt = shirt_with({"uz": {"name": "Koʻylak"}})
    sent = {"text:uz:name": "Koʻylak", "text:kaa:name": "Kóylek"}
    from shopkit.catalog.admin.forms import ProductForm
    from shopkit.catalog.admin.translations import with_texts

    form = with_texts(ProductForm)({"name": "Shirt", "slug": "shirt", **sent}, instance=shirt)

    assert form.is_valid(), form.errors
    assert form.changes(["name"]) == {"translations": {"kaa": {"name": "Kóylek"}}}


def test_a_text_that_is_too_long_is_refused_at_its_box(shopkeeper):
    shirt = shirt_with({})

    wrong = complaints(save(shopkeeper, page_of(shirt), **{"text:kaa:name": "x" * 201}))

    assert set(wrong) == {"text:kaa:name"}


def test_a_category_and_an_attribute_have_boxes_too(shopkeeper):
    category = make_category(name="Clothes", translations={"de": {"name": "Kleidung"}})
    colour = make_attribute(code="colour", name="Colour", type="colour")

    assert save(shopkeeper, page_of(category), **{"text:kaa:name": "Kiyim"}).status_code == 302
    assert save(shopkeeper, page_of(colour), **{"text:ru:name": "Цвет"}).status_code == 302

    assert Category.objects.get().translations == {
        "de": {"name": "Kleidung"},
        "kaa": {"name": "Kiyim"},
    }
    assert Attribute.objects.get().translations == {"ru": {"name": "Цвет"}}


def test_a_category_is_made_with_its_names(shopkeeper):
    answer = save(
        shopkeeper, f"{ADMIN}category/add/", **{"name": "Clothes", "text:uz:name": "Kiyimlar"}
    )

    assert answer.status_code == 302, complaints(answer)
    assert Category.objects.get().translations == {"uz": {"name": "Kiyimlar"}}


def test_values_are_translated_in_their_rows(shopkeeper):
    colour = make_attribute(code="colour", name="Colour", type="choice")
    create_value(colour, value="Red", translations={"de": {"value": "Rot"}})

    answer = save(
        shopkeeper,
        page_of(colour),
        **{
            "values-0-text:uz:value": "Qizil",
            "values-1-value": "Blue",
            "values-1-position": "1",
            "values-1-text:kaa:value": "Kók",
        },
    )

    assert answer.status_code == 302, complaints(answer)
    assert dict(AttributeValue.objects.values_list("value", "translations")) == {
        "Red": {"de": {"value": "Rot"}, "uz": {"value": "Qizil"}},
        "Blue": {"kaa": {"value": "Kók"}},
    }


def test_saving_an_untouched_page_changes_nothing(shopkeeper):
    stored = {"uz": {"name": "Koʻylak", "description": "Paxta"}, "de": {"name": "Hemd"}}
    shirt = shirt_with(stored)
    category = make_category(name="Clothes", translations=stored and {"uz": {"name": "Kiyim"}})

    assert save(shopkeeper, page_of(shirt)).status_code == 302
    assert save(shopkeeper, page_of(category)).status_code == 302

    shirt.refresh_from_db()
    assert shirt.translations == stored
    assert Category.objects.get().translations == {"uz": {"name": "Kiyim"}}


def test_boxes_say_which_language_is_written_in_them(shopkeeper):
    page = shopkeeper.get(page_of(shirt_with({}))).content.decode()

    assert 'lang="kaa"' in page
    assert "Name, Qaraqalpaqsha" in page
    assert "text:en:name" not in page


@pytest.mark.parametrize("kind", ["product", "category", "attribute"])
def test_the_list_finds_what_is_not_translated(shopkeeper, kind):
    make = {
        "product": lambda name, texts: create_product(
            ProductData(
                name=name, translations=texts, variants=[VariantData(price=Decimal(1), sku=name)]
            )
        ),
        "category": lambda name, texts: make_category(name=name, translations=texts),
        "attribute": lambda name, texts: make_attribute(
            code=name.lower(), name=name, translations=texts
        ),
    }[kind]
    make("Full", {code: {"name": "…"} for code in ("uz", "kaa", "ru")})
    make("Half", {"uz": {"name": "…"}, "ru": {"name": ""}})
    make("None", {})

    def found(language):
        answer = shopkeeper.get(f"{ADMIN}{kind}/", {"missing": language})
        assert answer.status_code == 200
        return {row.name for row in answer.context["cl"].result_list}

    assert found("uz") == {"None"}
    assert found("kaa") == {"Half", "None"}
    assert found("ru") == {"Half", "None"}
    assert found("nonsense") == {"Full", "Half", "None"}
    assert "uz, kaa, ru" in shopkeeper.get(f"{ADMIN}{kind}/").content.decode()


def test_a_script_in_the_tag_is_found_too(settings, shopkeeper):
    settings.LANGUAGES = [("en", "English"), ("uz-cyrl", "Ўзбекча")]
    make_category(name="Clothes", translations={"uz-cyrl": {"name": "Кийимлар"}})
    make_category(name="Shoes")

    answer = shopkeeper.get(f"{ADMIN}category/", {"missing": "uz-cyrl"})

    assert [row.name for row in answer.context["cl"].result_list] == ["Shoes"]


@pytest.mark.parametrize("kind", ["product", "category", "attribute"])
def test_who_may_only_look_is_shown_the_page(kind):
    looker = get_user_model().objects.create_user("eye", password="demo-eye-1234", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(looker)
    texts = {"kaa": {"name": "Kóylek"}}
    row = {
        "product": lambda: shirt_with(texts),
        "category": lambda: make_category(name="Shirt", translations=texts),
        "attribute": lambda: make_attribute(code="shirt", name="Shirt", translations=texts),
    }[kind]()

    page = client.get(page_of(row))

    assert page.status_code == 200
    assert "Kóylek" in page.content.decode()


def test_a_site_without_a_list_of_languages_has_no_boxes(settings, shopkeeper):
    settings.LANGUAGES = global_settings.LANGUAGES
    shirt = shirt_with({"uz": {"name": "Koʻylak"}})

    answer = save(shopkeeper, page_of(shirt), name="Blouse")

    assert answer.status_code == 302
    assert 'name="text:' not in shopkeeper.get(page_of(shirt)).content.decode()
    shirt.refresh_from_db()
    assert (shirt.name, shirt.translations) == ("Blouse", {"uz": {"name": "Koʻylak"}})


@pytest.mark.parametrize("language", ["uz", "kaa", "ru"])
def test_pages_are_shown_in_every_language(settings, shopkeeper, language):
    shirt = shirt_with({"kaa": {"name": "Kóylek"}})
    shopkeeper.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    for url in (f"{ADMIN}product/", page_of(shirt), f"{ADMIN}product/add/", "/admin/"):
        page = shopkeeper.get(url)
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode()
        assert page.headers["Content-Language"] == language
