"""Products and categories with names in both scripts, found in the database by either."""

import os
from pathlib import Path

import pytest
from django.core.management import call_command

from shopkit.catalog.models import Category, Product
from shopkit.catalog.search.base import ranked
from shopkit.catalog.search.database import DatabaseSearch
from shopkit.catalog.search.keys import key_of
from shopkit.catalog.search.postgres import PostgresSearch
from shopkit.catalog.search.questions import read_question
from shopkit.catalog.search.relevance import has_words
from shopkit.catalog.services.suggestions import suggest

from .test_keys import SAME

FOLDER = os.environ.get("SHOPKIT_REAL_DATA", "")
pytestmark = pytest.mark.django_db
BACKENDS = [DatabaseSearch, pytest.param(PostgresSearch, marks=pytest.mark.postgres)]


@pytest.fixture(params=BACKENDS, ids=["database", "postgres"])
def backend(request):
    return request.param()


def find(backend, text):
    question = read_question(text)
    rows = backend.narrow(Product.objects.on_sale(), question)
    return [one.name for one in ranked(rows, backend.relevance(question))]


def stock(names):
    Product.objects.bulk_create(
        Product(name=name, slug=f"p-{number}", search_key=key_of([name]))
        for number, name in enumerate(names)
    )


@pytest.mark.parametrize("spellings", SAME.values(), ids=SAME)
def test_each_spelling_finds_all(backend, spellings):
    stock([*spellings, "Muzlatgich", "Книга"])

    for text in spellings:
        assert sorted(find(backend, text)) == sorted(spellings), text


GOODS = (
    "Erkaklar koʻylagi, paxta, oq rang",
    "Аёллар кўйлаги, ипак, қизил ранг",
    "Bolalar poyabzali, yumshoq taglik",
    "Пояфзал учун щётка",
    "Hayallar kóylegi, gúlli",
    "Ерлер ушын аяқ кийим",
    "Елка искусственная, 180 см",
    "Чайник электрический, 1,7 л",
    "Elektr choynak, 1,7 l",
    "Xolodilnik, 300 l",
    "Телефон Samsung Galaxy S24, 256 ГБ",
    "iPhone 15 Pro, 256GB",
)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("кўйлаги оқ", 0),
        ("ko'ylagi qizil", 1),
        ("ayollar ko‘ylagi", 1),
        ("пойабзал", 2),
        ("shyotka", 3),
        ("көйлеги", 4),
        ("erler ushin", 5),
        ("ayaq kiyim", 5),
        ("ёлка", 6),
        ("yolka", 6),
        ("choynak elektr", 8),
        ("чойнак", 8),
        ("chaynik", 7),
        ("холодильник", 9),
        ("holodilnik", 9),
        ("galaxy 256gb", 10),
        ("iphone15", 11),
    ],
)
def test_goods_of_a_shop_in_three_languages(backend, text, first):
    stock(GOODS)

    assert find(backend, text)[:1] == [GOODS[first]]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("кўйлгаи оқ", 0),
        ("пойафзла", 3),
        ("искусвенная ёлка", 6),
        ("чяйник", 7),
        ("холадильник", 9),
        ("samsng galaxi", 10),
        ("iphnoe pro", 11),
    ],
)
def test_errors_in_either_script_are_forgiven_on_postgres(text, first):
    stock(GOODS)

    assert find(DatabaseSearch(), text) == []
    assert find(PostgresSearch(), text)[:1] == [GOODS[first]]


@pytest.mark.skipif(
    not FOLDER, reason="skipped: no real files (set SHOPKIT_REAL_DATA, see test_import_real_files)"
)
def test_googles_taxonomy_in_russian_and_english(capsys, django_assert_max_num_queries):
    """Every name is found as it is written, and those with ё without it."""
    for language in ("en-US", "ru-RU"):
        path = str(Path(FOLDER) / f"google-taxonomy.{language}.txt")
        call_command(
            "shopkit_import_categories", path, format="google", language=language[:2], verbosity=0
        )
    capsys.readouterr()
    nodes = list(Category.objects.order_by("pk"))
    both = [node for node in nodes if node.translations.get("ru")]
    assert len(both) > 5_000

    for node in both:
        names = [node.name, node.translations["ru"]["name"]]
        for text in (*names, names[1].upper(), names[1].replace("ё", "е")):
            assert read_question(text).is_met_by(node.search_key), (text, node.search_key)
    for node in both[::200]:
        name = node.translations["ru"]["name"]
        question = read_question(name.replace("ё", "е").lower())
        assert Category.objects.filter(has_words(question), pk=node.pk).exists()
        with django_assert_max_num_queries(2):
            shown = suggest(name).categories
        assert name in [one.translations["ru"]["name"] for one in shown]
