"""Shopify's product CSV."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from shopkit.catalog.availability import availability
from shopkit.catalog.imports.products import import_products
from shopkit.catalog.imports.report import Listener, Report, UnreadableFile
from shopkit.catalog.imports.shopify import generated_sku, slug_of
from shopkit.catalog.models import Attribute, AttributeValue, Category, Listing, Product, Variant
from shopkit.catalog.services.products import delete_product, update_product, update_variant
from shopkit.catalog.services.tree import create_category

pytestmark = pytest.mark.django_db

FILE = Path(__file__).parent / "data" / "shopify.csv"
HEADER = "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price"


def write(folder: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = folder / "products.csv"
    path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
    return path


def run(path: Path, **options: Any) -> tuple[Report, dict[int, str], dict[int, str]]:
    """Return the report, the errors and the notes by line."""
    listener = Listener()
    report = import_products(path, listener=listener, **options)
    told: list[dict[int, str]] = [{}, {}]
    for message in listener.messages:
        told[not message.is_error][message.line] = message.text
    return report, told[0], told[1]


def stored() -> list[Any]:
    """Everything an import may touch."""
    rows: list[Any] = []
    for model in (Category, Attribute, AttributeValue, Product, Variant, Listing):
        rows += model._default_manager.order_by("pk").values_list()
    return rows


class TestAGoodFile:
    def test_products_are_made_with_all_that_the_file_says(self):
        report, errors, _notes = run(FILE)

        assert (report.created, report.failed, errors) == (2, 0, {})
        hat = Product.objects.get(slug="felt-hat")
        assert hat.name == "Felt hat"
        assert hat.description == "Warm felt.\n\nMade in Nukus."
        assert hat.is_active
        assert hat.metadata == {"tags": "wool, winter"}
        assert hat.category is not None
        assert [one.name for one in hat.category.get_ancestors(include_self=True)] == [
            "Clothing",
            "Hats",
        ]
        assert {(one.attribute.code, one.value.value) for one in hat.attribute_values.all()} == {
            ("vendor", "Aral Craft")
        }
        assert not Product.objects.get(slug="clay-bowl").is_active

    def test_a_compared_price_above_the_price_makes_a_sale(self):
        run(FILE)

        prices = Variant.objects.filter(product__slug="felt-hat").values_list("price", "sale_price")
        assert list(prices) == [
            (Decimal(200000), Decimal(150000)),
            (Decimal(150000), None),
            (Decimal("160000.50"), None),
        ]

    def test_options_become_attributes_that_make_variants(self):
        run(FILE)

        colour = Attribute.objects.get(code="colour")
        assert (colour.type, colour.is_variant) == (Attribute.Type.CHOICE, True)
        assert [one.value for one in colour.values.all()] == ["Grey", "Brown"]
        names = Variant.objects.filter(product__slug="felt-hat").values_list("name", flat=True)
        assert list(names) == ["Grey, M", "Grey, L", "Brown, ½"]
        assert not Variant.objects.get(product__slug="clay-bowl").attribute_values.exists()
        assert not Attribute.objects.filter(code="title").exists()

    def test_weight_barcode_and_stock_are_taken(self):
        run(FILE)

        variants = list(Variant.objects.filter(product__slug="felt-hat"))
        assert [one.weight for one in variants] == [250, 260, 256]
        assert variants[0].barcode == "4780000000011"
        left = availability().available([one.pk for one in variants])
        assert [left[one.pk] for one in variants] == [5, 0, 3]

    def test_images_and_odd_stock_are_told_and_fail_nothing(self):
        _report, errors, notes = run(FILE)

        assert errors == {}
        assert {line for line, text in notes.items() if "image" in text} == {2, 4, 6}
        assert "below zero" in notes[7]

    def test_a_second_run_changes_nothing_and_says_so(self, statements):
        run(FILE)
        before = stored()

        with statements(30):
            report, _errors, _notes = run(FILE)

        assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
        assert stored() == before

    def test_a_rehearsal_says_the_same_and_changes_nothing(self):
        create_category(name="Old")
        before = stored()

        report, _errors, _notes = run(FILE, dry_run=True)

        assert (report.created, report.failed) == (2, 0)
        assert stored() == before

    def test_a_shop_that_does_not_count_is_told_once(self):
        with override_settings(SHOPKIT={}):
            report, errors, notes = run(FILE)

        assert (report.created, errors) == (2, {})
        assert sum("count" in text for text in notes.values()) <= 1


class TestChanges:
    def test_what_differs_is_updated_and_the_rest_is_kept(self, tmp_path):
        run(FILE)
        hat = Product.objects.get(slug="felt-hat")
        sale = create_category(name="Sale")
        update_product(
            hat,
            changes={
                "name": "Hat",
                "metadata": {"tags": "old", "_cost": 5, "shelf": "B"},
                "categories": [sale.pk, hat.category_id],
            },
        )
        update_variant(Variant.objects.get(sku="HAT-G-M"), changes={"price": Decimal(999999)})

        report, errors, _notes = run(FILE)

        assert (report.updated, report.unchanged, errors) == (1, 1, {})
        hat.refresh_from_db()
        assert hat.name == "Felt hat"
        assert hat.metadata == {"tags": "wool, winter", "_cost": 5, "shelf": "B"}
        assert hat.category == sale
        assert {one.name for one in hat.categories.all()} == {"Sale", "Hats"}
        assert Variant.objects.get(sku="HAT-G-M").price == Decimal(200000)
        assert hat.price_min == Decimal(150000)

    def test_a_new_row_of_an_old_product_is_a_new_variant(self, tmp_path):
        run(write(tmp_path, "cap,Cap,true,Size,M,CAP-M,10"))

        report, _errors, _notes = run(
            write(tmp_path, "cap,Cap,true,Size,M,CAP-M,10", "cap,,,,L,CAP-L,12")
        )

        assert report.updated == 1
        assert list(Variant.objects.values_list("sku", "name")) == [("CAP-M", "M"), ("CAP-L", "L")]

    def test_stock_of_old_variants_changes_only_when_asked_for(self, tmp_path):
        header = f"{HEADER},Variant Inventory Qty"
        run(write(tmp_path, "cap,Cap,true,,,CAP,10,5", header=header))
        variant = Variant.objects.get()
        changed = write(tmp_path, "cap,Cap,true,,,CAP,10,8", header=header)

        assert run(changed)[0].unchanged == 1
        assert availability().available([variant.pk]) == {variant.pk: 5}
        assert run(changed, stock=True)[0].updated == 1
        assert availability().available([variant.pk]) == {variant.pk: 8}
        assert run(changed, stock=True)[0].unchanged == 1

    def test_what_was_taken_off_sale_for_ever_stays_off(self, tmp_path):
        path = write(tmp_path, "cap,Cap,true,,,CAP,10")
        run(path)
        delete_product(Product.objects.get())
        before = stored()

        report, errors, _notes = run(path)

        assert report.failed == 1
        assert "for ever" in errors[2]
        assert stored() == before


class TestBadRows:
    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("bad,Bad,true,Size,S,BAD,", "no price"),
            ("bad,Bad,true,Size,S,BAD,abc", "“abc” is not an amount"),
            ("bad,Bad,true,Size,S,BAD,-5", "below zero"),
            ("bad,Bad,true,Size,S,BAD,NaN", "not an amount"),
            ("bad,Bad,true,Size,S,BAD,1e9", "not an amount"),
            ('bad,Bad,true,Size,S,BAD,"1,50"', "not an amount"),
            ("bad,Bad,true,Size,S,BAD,1.005", "finer"),
            ("bad,Bad,maybe,Size,S,BAD,5", "neither true nor false"),
            ("bad,,true,Size,S,BAD,5", "name"),
            (",Bad,true,Size,S,BAD,5", "no handle"),
            ("bad,Bad,true,Size,S,BAD,5,x", "more cells"),
            ("bad,Bad,true,Size,S,TAKEN,5", "belongs to another product, “owner”"),
            (f"bad,{'B' * 201},true,Size,S,BAD,5", "name"),
            (f"bad,Bad,true,Size,S,{'S' * 65},5", "sku"),
        ],
    )
    def test_a_bad_row_fails_its_product_and_spares_the_others(self, tmp_path, row, reason):
        run(write(tmp_path, "owner,Owner,true,,,TAKEN,1"))

        report, errors, _notes = run(
            write(tmp_path, "one,One,true,,,ONE,1", row, "two,Two,true,,,TWO,2")
        )

        assert (report.created, report.failed) == (2, 1)
        assert list(errors) == [3]
        assert reason in errors[3]
        assert set(Product.objects.values_list("slug", flat=True)) == {"owner", "one", "two"}

    def test_every_bad_row_of_a_product_is_named_and_it_stays_as_it_was(self, tmp_path):
        run(write(tmp_path, "cap,Cap,true,Size,M,CAP-M,10", "cap,,,,L,CAP-L,12"))
        before = stored()

        report, errors, _notes = run(
            write(
                tmp_path,
                "cap,New,true,Size,M,CAP-M,11",
                "cap,,,,L,CAP-L,abc",
                "cap,,,,XL,CAP-XL,-1",
            )
        )

        assert (report.updated, report.failed) == (0, 1)
        assert sorted(errors) == [3, 4]
        assert stored() == before

    def test_a_bad_new_variant_leaves_no_attribute_behind(self, tmp_path):
        before = stored()

        report, errors, _notes = run(
            write(tmp_path, "cap,Cap,true,Width,9,CAP,10", "cap,,,,9,CAP-2,12")
        )

        assert report.failed == 1
        assert "same values" in errors[3]
        assert stored() == before

    def test_the_same_sku_or_handle_later_in_the_file_is_refused(self, tmp_path):
        report, errors, _notes = run(
            write(
                tmp_path,
                "one,One,true,,,SAME,1",
                "two,Two,true,,,SAME,2",
                "one,One again,true,,,OTHER,3",
            ),
            dry_run=True,
        )

        assert (report.created, report.failed) == (1, 2)
        assert "in the file before" in errors[3]
        assert "in the file before" in errors[4]

    def test_formulas_are_stored_as_the_text_they_are(self, tmp_path):
        run(write(tmp_path, 'cap,"=HYPERLINK(""x"")",true,,,=1+1,10'))

        assert Product.objects.get().name == '=HYPERLINK("x")'
        assert Variant.objects.get().sku == "=1+1"


class TestFiles:
    def test_a_byte_order_mark_crlf_and_quoted_line_ends_are_fine(self, tmp_path):
        path = tmp_path / "products.csv"
        lines = [HEADER.upper(), 'cap,"Cap\nof felt",true,,,"CAP",10', ",,,,,,", "hat,Hat,,,,HAT,x"]
        path.write_bytes("\r\n".join(lines).encode("utf-8-sig"))

        report, errors, _notes = run(path)

        assert report.created == 1
        assert list(errors) == [5]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "empty"),
            (b"\xef\xbb\xbf\r\n", "empty"),
            (b"Handle,Title\na,b\n", "lacks: Variant Price"),
            (b"Handle,Title,Title,Variant Price\n", "twice: title"),
            (f"{HEADER}\ncap,Café crème à la noix,,,,,1\n".encode("latin-1"), "not UTF-8"),
            (f"{HEADER}\ncap,Cap,,,,,1\n".encode("utf-16"), "not UTF-8"),
            (f"{HEADER}\ncap,Cap\0,,,,,1\n".encode(), "not a text file"),
            (f'{HEADER}\ncap,Cap,,,,,1\nhat,"Hat,,,,,1\n'.encode(), "line 3"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_refused_before_anything_changes(
        self, tmp_path, content, message
    ):
        path = tmp_path / "products.csv"
        path.write_bytes(content)

        with pytest.raises(UnreadableFile, match=message):
            import_products(path, format="shopify")

        assert not Product.objects.exists()

    def test_a_file_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(UnreadableFile, match="nowhere"):
            import_products(tmp_path / "nowhere.csv")

    def test_an_unknown_header_is_refused_with_what_is_needed(self, tmp_path):
        with pytest.raises(UnreadableFile, match="Handle, Title, Variant Price"):
            import_products(write(tmp_path, "1,2", header="a,b"))


class TestNames:
    def test_a_generated_sku_is_stable_and_tells_options_apart(self):
        assert generated_sku("felt-hat", ["Grey", "Extra large"]) == "felt-hat-grey-extra-large"
        assert generated_sku("cap", []) == "cap"
        assert generated_sku("cap", ["S/M"]) != generated_sku("cap", ["S-M"])
        assert generated_sku("cap", ["½"]) != generated_sku("cap", ["⅓"])
        assert generated_sku("cap", ["½"]) == generated_sku("cap", ["½"])
        long = generated_sku("c" * 70, ["Grey"])
        assert len(long) <= 64
        assert long != generated_sku("c" * 70, ["Red"])

    def test_a_handle_that_cannot_be_a_slug_becomes_one(self):
        assert slug_of("felt-hat") == "felt-hat"
        assert slug_of("2024") == "n-2024"
        assert slug_of("шапка") == "shapka"
        assert slug_of("!!") == ""


def test_statements_per_row_do_not_grow(tmp_path, django_assert_max_num_queries):
    """400 products that exist: two chunks of look-ups, and next to nothing per product."""
    path = write(tmp_path, *(f"p-{n},P {n},true,Size,M,SKU-{n},10" for n in range(400)))
    import_products(path)

    # A savepoint is two statements; without the test's own transaction there would be none.
    with django_assert_max_num_queries(2 * 400 + 2 * 10 + 5):
        assert import_products(path).unchanged == 400
