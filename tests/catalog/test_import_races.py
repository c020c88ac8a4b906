"""Imports at the same time, with real commits."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from shopkit.catalog.imports import runs
from shopkit.catalog.imports.products import import_products
from shopkit.catalog.imports.report import Report
from shopkit.catalog.imports.runs import Order, RunLedger, begin_run, carry_on, report_of
from shopkit.catalog.models import Attribute, Category, ImportRun, Product, Variant
from shopkit.catalog.services.tree import check_tree
from shopkit.core.testing import assert_books_balance
from shopkit.inventory.models import StockItem
from shopkit.inventory.services import reserve
from tests.threads import at_once, kinds

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

HEADER = "Handle,Title,Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price"


def test_files_that_share_names_make_each_of_them_once(tmp_path: Path) -> None:
    def run(number: int) -> int:
        path = tmp_path / f"{number}.csv"
        # The first product is in all files; the others differ but share vendor, type and option.
        rows = ["same,Same,V,T > U,Size,M,SAME,1"]
        rows += [f"p-{number}-{n},P,V,T > U,Size,{n},SKU-{number}-{n},1" for n in range(10)]
        path.write_text("\n".join([HEADER, *rows, ""]))
        try:
            return import_products(path).failed
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        failed = list(pool.map(run, range(4)))

    # Only the product that all wanted to make may have failed, and is there.
    assert all(number <= 1 for number in failed)
    assert Product.objects.count() == 41
    assert sorted(Category.objects.values_list("name", flat=True)) == ["T", "U"]
    assert sorted(Attribute.objects.values_list("code", flat=True)) == ["size", "vendor"]
    assert check_tree() == []


class Naive(RunLedger):
    """Looks at nothing before it writes: kept to see the race that RunLedger ends."""

    def hold(self, position: int) -> None:
        self._kept = 0


def continued_at_once(path: Path, ledger: type[RunLedger], monkeypatch: Any) -> list[Any]:
    """Let three processes go on with one run at the same time; return what each raised."""
    monkeypatch.setattr(runs, "RunLedger", ledger)
    run = begin_run(path, Order(kind="products"))

    def go_on() -> None:
        carry_on(ImportRun.objects.get(pk=run.pk), path)

    return at_once([go_on] * 3)


def goods(folder: Path, products: int) -> Path:
    path = folder / "goods.csv"
    rows = [f"p-{n},P,S-{n},{n + 1},5" for n in range(products)]
    path.write_text("\n".join(["slug,name,sku,price,stock", *rows, ""]))
    return path


def test_of_several_who_go_on_with_one_run_each_row_is_done_once(tmp_path, monkeypatch) -> None:
    outcomes = continued_at_once(goods(tmp_path, 450), RunLedger, monkeypatch)

    assert kinds(outcomes) == {"ok": 1, "Overtaken": 2}
    run = ImportRun.objects.get()
    assert (run.status, run.position, run.created, run.unchanged) == ("done", 450, 450, 0)
    assert Product.objects.count() == 450


def test_without_the_ledgers_lock_rows_are_done_again(tmp_path, monkeypatch) -> None:
    continued_at_once(goods(tmp_path, 450), Naive, monkeypatch)

    run = ImportRun.objects.get()
    assert run.created + run.unchanged + run.failed > 450


def test_an_import_of_stock_and_customers_who_buy_get_along(tmp_path) -> None:
    import_products(goods(tmp_path, 60))
    variants = list(Variant.objects.order_by("pk"))
    stock = tmp_path / "stock.csv"
    # In the other order than customers take them.
    rows = [f"{one.sku},7" for one in reversed(variants)]
    stock.write_text("\n".join(["sku,on_hand", *rows, ""]))

    def count() -> None:
        carry_on(begin_run(stock, Order(kind="stock")), stock)

    def buy(first: int) -> None:
        wanted = {one.pk: 1 for one in variants[first % 3 :: 3]}
        with transaction.atomic():
            reserve(wanted, owner=f"test:{first}")

    calls = [count, *(partial(buy, number) for number in range(9)), count]
    outcomes = at_once(calls)

    assert kinds(outcomes) == {"ok": 11}
    for item in StockItem.objects.all():
        assert (item.on_hand, item.reserved) == (7, 3)
    assert all(run.failed == 0 for run in ImportRun.objects.all())
    assert_books_balance()


def test_two_files_that_reprice_the_same_products_in_other_orders_both_get_in(tmp_path) -> None:
    import_products(goods(tmp_path, 300))
    skus = list(Variant.objects.order_by("pk").values_list("sku", flat=True))

    def reprice(order: int, price: int) -> Report:
        path = tmp_path / f"{price}.csv"
        path.write_text("\n".join(["sku,price", *(f"{sku},{price}" for sku in skus[::order])]))
        run = begin_run(path, Order(kind="prices"))
        carry_on(run, path)
        return report_of(run)

    outcomes = at_once([partial(reprice, 1, 5000), partial(reprice, -1, 7000)])

    assert [one.updated for one in outcomes] == [300, 300]
    assert Product.objects.values_list("price_min", flat=True).distinct().count() == 1
    assert_books_balance()
