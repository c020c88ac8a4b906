"""Formats of a site's own, by the importer of the example project."""

import json
import os
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shopkit.catalog.checks import check_import_formats
from shopkit.catalog.imports.products import import_products
from shopkit.catalog.imports.report import Listener, UnreadableFile
from shopkit.catalog.models import ImportRun, Product, Variant
from shopkit.inventory.models import StockItem

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
FILE = Path(__file__).parent / "data" / "dummy.json"
REAL = Path(os.environ.get("SHOPKIT_REAL_DATA", "")) / "dummyjson-products.json"


@pytest.fixture
def dummyjson(monkeypatch, settings):
    monkeypatch.syspath_prepend(str(ROOT / "example_project"))
    settings.SHOPKIT = {
        **settings.SHOPKIT,
        "CATALOG": {
            **settings.SHOPKIT["CATALOG"],
            "IMPORT_FORMATS": {"dummyjson": "demo.importers.read_dummyjson"},
        },
    }
    yield "dummyjson"
    for name in [name for name in sys.modules if name.split(".")[0] == "demo"]:
        del sys.modules[name]


def test_products_are_made_with_all_that_the_file_says(dummyjson):
    listener = Listener()

    report = import_products(FILE, format=dummyjson, listener=listener)

    assert (report.created, report.failed) == (2, 2)
    bowl = Product.objects.get(slug="clay-bowl-1")
    assert (bowl.name, bowl.description, bowl.metadata["tags"]) == (
        "Clay bowl",
        "Made by hand.",
        "clay, kitchen",
    )
    assert bowl.category.name == "Kitchen accessories"
    assert [one.value.value for one in bowl.attribute_values.all()] == ["Aral Craft"]
    variant = Variant.objects.get(sku="BOWL")
    assert (variant.price, variant.sale_price) == (Decimal("19.99"), Decimal("17.89"))
    assert StockItem.objects.get(variant=variant).on_hand == 7
    assert Variant.objects.get(sku="BOWL-2").sale_price is None
    errors = {one.line: one.text for one in listener.messages if one.is_error}
    assert "'price'" in errors[3]
    assert "was in the file before" in errors[4]


def test_a_second_run_changes_nothing(dummyjson):
    import_products(FILE, format=dummyjson)

    assert import_products(FILE, format=dummyjson).unchanged == 2


def test_the_command_takes_it_and_writes_down_how_far_it_is(dummyjson, tmp_path):
    errors = tmp_path / "errors.csv"
    with pytest.raises(CommandError, match="2 failed"):
        call_command("shopkit_import_products", str(FILE), format=dummyjson, errors=str(errors))

    run = ImportRun.objects.get()
    assert (run.format, run.position, run.total, run.created) == ("dummyjson", 4, 4, 2)
    assert errors.read_text(encoding="utf-8-sig").startswith("import_line,import_error\n3,")


def test_what_is_no_such_file_is_refused(dummyjson, tmp_path):
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{")

    with pytest.raises(CommandError, match="no JSON of products") as failure:
        call_command("shopkit_import_products", str(wrong), format=dummyjson)

    assert failure.value.returncode == 2
    assert not ImportRun.objects.exists()


def test_a_list_of_anything_fails_product_by_product(dummyjson, tmp_path):
    good = {"id": 9, "title": "Good", "category": "c", "price": 1, "sku": "G"}
    odd = [
        1,
        None,
        {**good, "id": 1, "category": 5, "sku": "A"},
        {**good, "id": 2, "tags": 3, "sku": "B"},
        {**good, "id": 3, "meta": None, "sku": "C"},
        {**good, "id": 4, "price": "a", "sku": "D"},
        {**good, "id": 5, "price": float("inf"), "sku": "F"},
        {**good, "id": 6, "sku": 5, "brand": ["x"], "description": 7, "images": [None, {"a": 1}]},
    ]
    path = tmp_path / "odd.json"
    path.write_text(json.dumps([*odd, good]))

    report = import_products(path, format=dummyjson)

    assert (report.created, report.failed) == (2, 7)
    path.write_text('{"products": 5}')
    with pytest.raises(UnreadableFile, match="no list"):
        import_products(path, format=dummyjson)


@pytest.mark.skipif(not REAL.is_file(), reason="skipped: no real file (set SHOPKIT_REAL_DATA)")
def test_the_real_file(dummyjson):
    assert import_products(REAL, format=dummyjson).created == 194
    assert import_products(REAL, format=dummyjson, stock=True).unchanged == 194
    assert Product.objects.filter(on_sale=True).count() > 100


@pytest.mark.parametrize(
    ("formats", "problem"),
    [({"x": "no.where"}, "Cannot import"), ({"shopify": "json.loads"}, "one of ours")],
)
def test_a_wrong_format_is_found_by_the_check(settings, formats, problem):
    settings.SHOPKIT = {"CATALOG": {"IMPORT_FORMATS": formats}}

    [found] = check_import_formats()

    assert found.id == "shopkit.catalog.E010"
    assert problem in found.msg
