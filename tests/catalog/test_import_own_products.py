"""Our own CSV of products: out, in, and out again."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkit.catalog.exports import product_rows
from shopkit.catalog.imports.cells import (
    join_parts,
    join_paths,
    plain_text,
    shield,
    split_parts,
    split_paths,
    unshield,
)
from shopkit.catalog.imports.products import import_products
from shopkit.catalog.imports.report import Listener
from shopkit.catalog.models import Attribute, Category, Product, Variant
from shopkit.catalog.services.attributes import create_attribute, create_value
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    create_product,
    delete_product,
)
from shopkit.catalog.services.tree import create_category

pytestmark = pytest.mark.django_db

SHOPIFY = Path(__file__).parent / "data" / "shopify.csv"


def exported() -> str:
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(product_rows())
    return out.getvalue()


def lines() -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(exported(), newline="")))


def save(folder: Path, text: str) -> Path:
    path = folder / "products.csv"
    path.write_bytes(text.encode())
    return path


def run(path: Path, **options: Any) -> tuple[str, dict[int, str]]:
    listener = Listener()
    report = import_products(path, listener=listener, **options)
    numbers = f"{report.created} {report.updated} {report.unchanged} {report.failed}"
    return numbers, {one.line: one.text for one in listener.messages if one.is_error}


def empty() -> None:
    """Take the whole catalogue away."""
    from shopkit.inventory.models import Movement, StockItem

    Movement.objects.all().delete()
    StockItem.objects.all().delete()
    Product.objects.update(sole_variant=None)
    Variant.objects.all().delete()
    Product.objects.all().delete()
    Attribute.objects.all().delete()
    for node in Category.objects.order_by("-level"):
        node.delete()


def build() -> None:
    """A catalogue with everything that a cell can find hard."""
    odd = create_category(name="Odd; names > here\\", parent=create_category(name="Crafts"))
    sale = create_category(name="Sale")
    create_attribute(code="memory", name="Memory: total", type="number", unit="GB", position=1)
    create_attribute(code="washable", name="Washable", type="boolean", position=2)
    colour = create_attribute(
        code="colour", name="Colour", type="colour", is_variant=True, position=3
    )
    create_value(colour, value="Red")
    create_value(colour, value="-blue")
    create_product(
        ProductData(
            name='=SUM("a", 1)',
            slug="odd",
            description="Line one\nLine, two\r\n'=three\t",
            categories=[sale.pk, odd.pk],
            attributes={"memory": "-16.5", "washable": "true"},
            translations={"ru": {"name": "Странное", "description": "+"}},
            metadata={"_cost": 5, "tags": "a, b", "flag": None},
            variants=[
                VariantData(
                    sku="-1+1",
                    price=Decimal("100.50"),
                    sale_price=Decimal(90),
                    stock=7,
                    attributes={"colour": "Red"},
                    barcode="'@x",
                    weight=250,
                    ikpu="0" * 17,
                    package_code="12",
                    vat_percent=12,
                    metadata={"shelf": "=A1"},
                ),
                VariantData(
                    sku="SECOND",
                    price=Decimal(0),
                    position=1,
                    name="Own name",
                    attributes={"colour": "-blue"},
                ),
                VariantData(sku="OFF", price=Decimal(5), position=2, is_active=False),
            ],
        )
    )
    create_product(
        ProductData(
            name="Hidden",
            is_active=False,
            variants=[VariantData(price=Decimal(1), attributes={"memory": "8"})],
        )
    )


class TestRoundTrip:
    def test_export_import_export_gives_the_same_bytes(self, tmp_path):
        build()
        first = exported()
        path = save(tmp_path, first)

        assert run(path) == ("0 0 2 0", {})
        empty()
        assert run(path) == ("2 0 0 0", {})

        assert exported() == first
        product = Product.objects.get(slug="odd")
        assert product.name == '=SUM("a", 1)'
        assert product.description == "Line one\nLine, two\r\n'=three\t"
        assert product.category is not None
        assert product.category.name == "Sale"
        assert Attribute.objects.get(code="memory").name == "Memory: total"
        assert Attribute.objects.get(code="memory").unit == "GB"

    def test_what_shopify_brought_goes_round_too(self, tmp_path):
        import_products(SHOPIFY)
        first = exported()
        path = save(tmp_path, first)
        empty()

        assert run(path, format="shopkit") == ("2 0 0 0", {})
        assert exported() == first


class TestExport:
    def test_one_line_per_variant_and_the_products_cells_on_its_first(self):
        build()

        rows = lines()

        assert [row["slug"] for row in rows[:3]] == ["odd", "odd", "odd"]
        assert [row["sku"] for row in rows[:3]] == ["'-1+1", "SECOND", "OFF"]
        assert [row["name"] for row in rows[:3]] == ['\'=SUM("a", 1)', "", ""]
        assert rows[0]["categories"] == "Sale; Crafts > Odd\\; names \\> here\\\\"
        assert rows[0]["stock"] == "7"
        assert rows[0]["price"] == "100.50"

    def test_no_cell_can_be_taken_for_a_formula(self):
        build()

        for row in lines():
            for cell in row.values():
                assert cell[:1] not in {"=", "+", "@", "\t", "\r"}
                assert not cell.startswith("-") or cell == "-16.5"

    def test_what_is_off_sale_for_ever_is_left_out(self):
        build()
        delete_product(Product.objects.get(slug="odd"))

        assert [row["name"] for row in lines()] == ["Hidden"]

    def test_statements_do_not_grow_with_products(self):
        for number in range(5):
            data = VariantData(price=Decimal(1))
            create_product(ProductData(name=f"P {number}", variants=[data]))
        exported()

        with CaptureQueriesContext(connection) as few:
            exported()
        build()
        with CaptureQueriesContext(connection) as more:
            exported()

        assert len(more) <= len(few) + 8  # values and categories, once there are any

    def test_the_command_writes_to_standard_output(self, capsys):
        build()
        out = StringIO(newline="")

        call_command("shopkit_export_products", stdout=out)

        assert out.getvalue() == exported()
        assert "4 lines" in capsys.readouterr().err


class TestImport:
    def test_a_few_columns_are_enough_and_the_rest_stays(self, tmp_path):
        build()
        path = save(tmp_path, "slug,sku,price\nodd,SECOND,77\n")

        assert run(path) == ("0 1 0 0", {})

        variant = Variant.objects.get(sku="SECOND")
        assert (variant.price, variant.name) == (Decimal(77), "Own name")
        assert Product.objects.get(slug="odd").name == '=SUM("a", 1)'
        assert Variant.objects.get(sku="-1+1").price == Decimal("100.50")

    def test_an_empty_attribute_cell_takes_the_value_away(self, tmp_path):
        build()
        path = save(tmp_path, "slug,sku,price,attribute:memory\nodd,SECOND,0,\n")

        assert run(path) == ("0 1 0 0", {})
        codes = Product.objects.get(slug="odd").attribute_values.values_list("attribute__code")
        assert [code for (code,) in codes] == ["washable"]

    def test_switching_the_variants_over_is_possible_in_one_file(self, tmp_path):
        header = "slug,name,sku,price,variant_is_active,variant:size\n"
        run(save(tmp_path, f"{header}cap,Cap,A,1,true,M\ncap,,B,1,false,L\n"))

        swapped = save(tmp_path, f"{header}cap,Cap,A,1,false,M\ncap,,B,1,true,L\n")

        assert run(swapped) == ("0 1 0 0", {})
        assert dict(Variant.objects.values_list("sku", "is_active")) == {"A": False, "B": True}

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("bad,Bad,BAD,10,10,,", "sale_price"),
            ("bad,Bad,BAD,10,11,,", "sale_price"),
            ("bad,Bad,BAD,,,,", "SKU and a price"),
            ("bad,Bad,,10,,,", "SKU and a price"),
            ("bad,Bad,BAD,10,,-1,", "stock"),
            ("bad,Bad,BAD,10,,x,", "whole number"),
            ("bad,Bad,BAD,10,,,[1]", "JSON object"),
            ("bad,Bad,BAD,10,,,{", "JSON object"),
            ('bad,Bad,BAD,10,,,"{""a"": [1]}"', "metadata"),
            ("99,Bad,BAD,10,,,", "slug"),
            (",Bad,BAD,10,,,", "no slug"),
            ("bad,Bad,OK,10,,,", "in the file before"),
        ],
    )
    def test_a_bad_row_fails_its_product_alone(self, tmp_path, row, reason):
        path = save(
            tmp_path,
            f"slug,name,sku,price,sale_price,stock,metadata\nok,Ok,OK,1,,,\n{row}\nfine,Fine,F,2,,,\n",
        )

        numbers, errors = run(path)

        assert numbers == "2 0 0 1"
        assert list(errors) == [3]
        assert reason in errors[3]
        assert set(Product.objects.values_list("slug", flat=True)) == {"ok", "fine"}

    def test_the_last_active_variant_cannot_be_switched_off(self, tmp_path):
        run(save(tmp_path, "slug,name,sku,price\ncap,Cap,A,1\n"))

        numbers, errors = run(save(tmp_path, "slug,sku,price,variant_is_active\ncap,A,2,false\n"))

        assert numbers == "0 0 0 1"
        assert "at least one variant" in errors[2]
        assert Variant.objects.get().price == 1

    def test_the_command_ends_with_1_and_names_the_line(self, tmp_path, capsys):
        path = save(tmp_path, "slug,name,sku,price\ncap,Cap,A,1\nbad,Bad,B,x\n")

        with pytest.raises(CommandError) as failure:
            call_command("shopkit_import_products", str(path))

        assert failure.value.returncode == 1
        shown = capsys.readouterr()
        assert "line 3: price" in shown.err
        assert shown.out.startswith("created 1, updated 0, unchanged 0, failed 1")

    def test_the_command_ends_with_2_when_nothing_can_be_read(self, tmp_path):
        with pytest.raises(CommandError) as failure:
            call_command("shopkit_import_products", str(save(tmp_path, "a,b\n1,2\n")))

        assert failure.value.returncode == 2

    def test_progress_is_told_to_the_end(self, tmp_path):
        heard: list[tuple[int, int]] = []

        class Counting(Listener):
            def progress(self, done: int, total: int) -> None:
                heard.append((done, total))

        import_products(SHOPIFY, listener=Counting())

        assert heard == [(4, 5), (5, 5)]


class TestCells:
    @pytest.mark.parametrize(
        ("text", "shielded"),
        [
            ("=1+1", "'=1+1"),
            ("+998 90", "'+998 90"),
            ("-5", "-5"),
            ("+5.25", "+5.25"),
            ("-5 units", "'-5 units"),
            ("@name", "'@name"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("'=x", "''=x"),
            ("'quoted'", "'quoted'"),
            ("plain", "plain"),
            ("", ""),
        ],
    )
    def test_a_shield_is_put_on_and_taken_off(self, text, shielded):
        assert shield(text) == shielded
        assert unshield(shielded) == text

    def test_paths_and_parts_survive_their_own_separators(self):
        paths = [("A > B", "C; D", "E\\"), ("F:G",)]
        parts = ["a:b", "", "c\\", "d"]

        assert split_paths(join_paths(paths)) == paths
        assert split_parts(join_parts(parts)) == parts
        assert split_paths(" Clothing>Hats ;; Sale ") == [("Clothing", "Hats"), ("Sale",)]

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<p>a</p><p>b</p>", "a\n\nb"),
            ("a<br>b<br/>c", "a\nb\nc"),
            ("<b>a</b> &amp; <i>b</i>", "a & b"),
            ("<script>alert(1)</script>a<style>b{}</style>", "a"),
            ('<img src=x onerror="alert(1)">a', "a"),
            ("<ul><li>a<li>b</ul>", "a\nb"),
            ("2 < 3 & 4 > 1", "2 < 3 & 4 > 1"),
            ("&lt;b&gt;", "<b>"),
        ],
    )
    def test_html_becomes_plain_text(self, html, text):
        assert plain_text(html) == text


def test_the_guides_example_is_a_file_that_can_be_imported(tmp_path):
    import_products(SHOPIFY)
    Variant.objects.filter(sku="HAT-G-M").update(sale_price=None)
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "import-products.md"
    example = guide.read_text(encoding="utf-8").split("```text\n")[1].split("```")[0]

    assert run(save(tmp_path, example)) == ("0 1 0 0", {})
    assert Variant.objects.get(sku="HAT-G-L").price == Decimal(180000)
