"""Stock and prices, one line per SKU."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkit.catalog.models import Product, Variant
from shopkit.catalog.services.products import delete_product
from shopkit.catalog.testing import make_variant
from shopkit.inventory.models import Movement, StockItem
from shopkit.inventory.services import reserve
from shopkit.inventory.testing import make_stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, capsys):
    def run_command(kind, text, **options):
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        status = 0
        try:
            call_command(f"shopkit_import_{kind}", str(path), **options)
        except CommandError as error:
            status = error.returncode
        shown = capsys.readouterr()
        return status, shown.out.partition(", failed")[0], shown.err

    return run_command


def exported(kind):
    out = StringIO(newline="")
    call_command(f"shopkit_export_{kind}", stdout=out, stderr=StringIO())
    return out.getvalue()


class TestStock:
    @pytest.fixture
    def cup(self):
        cup = make_variant(sku="CUP")
        make_stock(cup, on_hand=5)
        return cup

    def test_what_is_on_the_shelf_is_set_and_stands_in_the_ledger(self, run, cup):
        make_stock(make_variant(sku="PLATE"), on_hand=2)
        before = Movement.objects.count()

        assert run("stock", "sku,on_hand\nCUP,9\nPLATE,2\n")[:2] == (
            0,
            "created 0, updated 1, unchanged 1",
        )

        assert StockItem.objects.get(variant=cup).on_hand == 9
        [moved] = Movement.objects.order_by("pk")[before:]
        assert (moved.delta, moved.on_hand_after, moved.reference) == (4, 9, "import of stock.csv")

    def test_a_rehearsal_changes_nothing(self, run, cup):
        assert run("stock", "sku,on_hand\nCUP,9\n", dry_run=True)[1] == (
            "created 0, updated 1, unchanged 0"
        )
        assert StockItem.objects.get().on_hand == 5

    def test_the_last_unit_gone_and_the_first_one_come_are_seen_on_the_product(self, run, cup):
        run("stock", "sku,on_hand\nCUP,0\n")
        assert not Product.objects.get().in_stock

        run("stock", "sku,on_hand\nCUP,1\n")
        assert Product.objects.get().in_stock

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("CUP,-1,", "from 0 to"),
            ("CUP,9999999999,", "from 0 to"),
            ("CUP,five,", "not a whole number"),
            ("CUP,1.5,", "not a whole number"),
            ("CUP,,", "it is empty"),
            (",5,", "sku: it is empty"),
            ("CUP,9,4", "changed meanwhile. Look again. (5)"),
            ("CUP,1,", "hold more units than that. (3)"),
            ("CUP,9,5,x", "more cells than the header"),
            ("NONE,9,", "no variant with the SKU “NONE”"),
        ],
    )
    def test_a_bad_line_is_named_and_the_others_are_kept(self, run, cup, line, reason):
        reserve({cup.pk: 3}, owner="order:1")
        make_stock(make_variant(sku="PLATE"), on_hand=2)

        status, _numbers, told = run("stock", f"sku,on_hand,expected\n{line}\nPLATE,8,2\n")

        assert status == 1
        assert "line 2: " in told
        assert reason in told
        assert StockItem.objects.get(variant=cup).on_hand == 5
        assert StockItem.objects.get(variant__sku="PLATE").on_hand == 8

    def test_a_sku_twice_is_told(self, run, cup):
        status, numbers, told = run("stock", "sku,on_hand\nCUP,7\nCUP,8\n")

        assert (status, numbers) == (1, "created 0, updated 1, unchanged 0")
        assert "line 3: The SKU “CUP” was in the file before." in told

    def test_a_variant_without_a_stock_item_gets_one(self, run):
        make_variant(sku="CUP")

        run("stock", "sku,on_hand\nCUP,7\n")

        assert StockItem.objects.get().on_hand == 7

    def test_a_shop_that_does_not_count_refuses_the_file(self, run, cup, settings):
        settings.SHOPKIT = {}

        status, _numbers, _told = run("stock", "sku,on_hand\nCUP,7\n")

        assert status == 2

    def test_out_and_in_again(self, run, cup):
        reserve({cup.pk: 3}, owner="order:1")

        text = exported("stock")

        assert text == "sku,on_hand,expected\r\nCUP,5,5\r\n"
        assert run("stock", text)[1] == "created 0, updated 0, unchanged 1"


class TestPrices:
    def test_prices_and_what_follows_from_them_change(self, run):
        make_variant(sku="CUP", price="10", sale_price="8")
        make_variant(sku="PLATE", price="10")

        assert run("prices", "sku,price,sale_price\nCUP,20,\nPLATE,10,\n")[:2] == (
            0,
            "created 0, updated 1, unchanged 1",
        )

        product = Product.objects.get(variants__sku="CUP")
        assert (product.price_min, product.sale_price, product.on_sale) == (20, None, False)

    def test_a_column_that_is_missing_stays_as_it_is(self, run):
        make_variant(sku="CUP", price="10", sale_price="8")

        run("prices", "sku,price\nCUP,20\n")

        variant = Variant.objects.get()
        assert (variant.price, variant.sale_price) == (20, 8)

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("CUP,10,10", "sale_price: The sale price must be lower"),
            ("CUP,,", "price: it is empty"),
            ('CUP,"10,5",', "is not an amount"),
            ("CUP,1 000,", "is not an amount"),
            ("CUP,-1,", "below zero"),
            ("CUP,1.001,", "finer than the smallest unit"),
            ("CUP,999999999999999,", "price:"),
        ],
    )
    def test_a_bad_line_is_named_and_the_others_are_kept(self, run, line, reason):
        make_variant(sku="CUP", price="10")
        make_variant(sku="PLATE", price="10")

        status, _numbers, told = run("prices", f"sku,price,sale_price\n{line}\nPLATE,20,\n")

        assert status == 1
        assert "line 2: " in told
        assert reason in told
        assert dict(Variant.objects.values_list("sku", "price")) == {
            "CUP": Decimal(10),
            "PLATE": Decimal(20),
        }

    def test_what_is_off_sale_for_ever_is_nowhere(self, run):
        delete_product(make_variant(sku="CUP").product)

        assert run("prices", "sku,price\nCUP,20\n")[0] == 1

    def test_statements_do_not_grow_with_lines(self, run):
        for number in range(40):
            make_variant(sku=f"S-{number}", price="10")
        lines = [f"S-{number},20" for number in range(40)]

        with CaptureQueriesContext(connection) as seen:
            assert run("prices", "\n".join(["sku,price", *lines]))[0] == 0

        assert len(seen) < 40

    def test_out_and_in_again(self, run):
        make_variant(sku="=CUP", price="10", sale_price="8")

        text = exported("prices")

        assert text == "sku,price,sale_price\r\n'=CUP,10.00,8.00\r\n"
        assert run("prices", text)[1] == "created 0, updated 0, unchanged 1"

    def test_a_header_without_a_price_is_refused(self, run):
        assert run("prices", "sku,cost\nCUP,1\n")[0] == 2
