"""Shopify's format, out and in again."""

import csv
import os
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from shopkit.catalog.exports import product_rows, shopify_rows
from shopkit.catalog.imports.cells import html_of, plain_text
from shopkit.catalog.imports.products import import_products
from shopkit.catalog.models import Product, Variant
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from tests.catalog.test_import_own_products import build, empty

pytestmark = pytest.mark.django_db
FILE = Path(__file__).parent / "data" / "shopify.csv"
REAL = Path(os.environ.get("SHOPKIT_REAL_DATA", "")) / "shopify-apparel.csv"
TEXTS = (
    "Handle", "Title", "Vendor", "Type", "Tags", "Option1 Name", "Option1 Value", "Option2 Name",
    "Option2 Value",
)  # fmt: skip
NUMBERS = ("Variant Grams", "Variant Price", "Variant Compare At Price", "Variant Inventory Qty")


def text_of(rows) -> str:
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def round_trip(path: Path, folder: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Import, export, import into an empty shop; return the lines of the file and of the export."""
    assert import_products(path).failed == 0
    ours, theirs = text_of(product_rows()), text_of(shopify_rows())
    assert import_products(save(folder, theirs)).unchanged == Product.objects.count()
    empty()
    assert import_products(save(folder, theirs)).failed == 0
    assert text_of(product_rows()) == ours
    assert text_of(shopify_rows()) == theirs
    original = [row for row in lines(path.read_text(encoding="utf-8-sig")) if row["Variant Price"]]
    return original, [row for row in lines(theirs) if row["Variant Price"]]


def save(folder: Path, text: str) -> Path:
    path = folder / "out.csv"
    path.write_bytes(text.encode())
    return path


def test_what_shopify_brought_goes_out_as_it_came(tmp_path):
    original, exported = round_trip(FILE, tmp_path)

    assert [row["Variant SKU"] for row in exported][:2] == ["HAT-G-M", "HAT-G-L"]
    assert exported[0]["Vendor"] == "Aral Craft"
    assert exported[0]["Type"] == "Clothing > Hats"
    assert exported[0]["Tags"] == "wool, winter"
    assert (exported[0]["Variant Price"], exported[0]["Variant Compare At Price"]) == (
        "150000.00",
        "200000.00",
    )
    assert len(original) == len(exported)


@pytest.mark.skipif(not REAL.is_file(), reason="skipped: no real file (set SHOPKIT_REAL_DATA)")
def test_the_real_file_goes_round(tmp_path):
    original, exported = round_trip(REAL, tmp_path)

    for before, after in zip(original, exported, strict=True):
        for name in TEXTS:
            assert after[name] == before[name].strip(), name
        for name in NUMBERS:
            assert Decimal(after[name] or 0) == Decimal(before[name] or 0), name


def test_no_cell_can_be_taken_for_a_formula_and_all_come_back(tmp_path):
    build()

    text = text_of(shopify_rows())

    for row in lines(text):
        for cell in row.values():
            assert cell[:1] not in {"=", "+", "@", "\t", "\r"}
    assert lines(text)[0]["Title"] == '\'=SUM("a", 1)'
    empty()
    assert import_products(save(tmp_path, text)).created == 2
    assert Product.objects.get(slug="odd").name == '=SUM("a", 1)'
    assert Variant.objects.filter(sku="-1+1").exists()


def test_a_product_without_options_has_shopifys_own_word_for_it(tmp_path):
    create_product(ProductData(name="Cup", variants=[VariantData(price=Decimal(5), sku="CUP")]))

    [row] = lines(text_of(shopify_rows()))

    assert (row["Option1 Name"], row["Option1 Value"]) == ("Title", "Default Title")
    assert (row["Published"], row["Variant Inventory Tracker"]) == ("true", "shopify")


@pytest.mark.parametrize("text", ["", "a & b <c>", "one\ntwo\n\nthree", "&amp; = &lt;"])
def test_a_text_is_the_same_after_html(text):
    assert plain_text(html_of(text)) == text


def test_the_command_writes_it(capsys):
    build()
    out = StringIO(newline="")

    call_command("shopkit_export_products", format="shopify", stdout=out)

    assert out.getvalue() == text_of(shopify_rows())
