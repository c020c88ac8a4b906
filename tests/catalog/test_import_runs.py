"""Imports that are interrupted, and go on where they stopped."""

import csv
import os
import signal
import subprocess
import sys
import tracemalloc
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from shopkit.catalog.imports import runs
from shopkit.catalog.imports.products import import_products
from shopkit.catalog.imports.report import Listener, UnreadableFile
from shopkit.catalog.imports.runs import Order, Overtaken, begin_run, carry_on, find_unfinished
from shopkit.catalog.imports.saving import Known
from shopkit.catalog.models import Category, ImportMessage, ImportRun, Listing, Product, Variant

pytestmark = pytest.mark.django_db

HEADER = "slug,name,categories,sku,price,stock,attribute:brand,variant:size"
PRODUCTS = Order(kind="products")


def write(
    folder: Path, products: int, *, name: str = "many.csv", bad: tuple[int, ...] = ()
) -> Path:
    """Two variants a product; of the products in ``bad`` the second has no price."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{HEADER}\n")
        for n in range(products):
            file.write(
                f"p-{n},Product {n},Shop > Shelf {n % 7},S-{n}-0,{n + 1},3,Brand {n % 5},M\n"
            )
            price = "free" if n in bad else n + 2
            file.write(f"p-{n},,,S-{n}-1,{price},4,,L\n")
    return path


def stored() -> list[Any]:
    products = Product.objects.order_by("slug").values_list("slug", "name", "price_min", "in_stock")
    variants = Variant.objects.order_by("sku").values_list("sku", "price", "product__slug")
    return [*products, *variants, Listing.objects.count()]


class Stopping(Listener):
    """Is interrupted after so many rows."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def progress(self, done: int, total: int) -> None:
        if done >= self.after:
            raise KeyboardInterrupt


def interrupted(path: Path, after: int = 500) -> ImportRun:
    run = begin_run(path, PRODUCTS)
    with pytest.raises(KeyboardInterrupt):
        carry_on(run, path, listener=Stopping(after))
    run.refresh_from_db()
    return run


class TestResume:
    def test_it_goes_on_where_it_stopped_and_does_nothing_twice(self, tmp_path):
        path = write(tmp_path, 700, bad=(3, 650))
        run = interrupted(path)
        assert (run.status, run.position, run.total) == ("running", 800, 1400)
        assert Product.objects.count() == 399
        heard = Listener()

        carry_on(run, path, listener=heard)

        assert (run.status, run.position) == ("done", 1400)
        assert (run.created, run.failed, run.errors) == (698, 2, 2)
        assert [one.line for one in heard.messages] == [1303]
        assert Product.objects.count() == 698

    def test_the_result_is_that_of_one_run(self, tmp_path):
        path = write(tmp_path, 450)
        run = interrupted(path)
        carry_on(run, path)
        resumed = stored()

        report = import_products(path)

        assert (report.unchanged, report.created, report.updated) == (450, 0, 0)
        assert stored() == resumed
        assert Product.objects.count() == 450

    def test_what_was_in_the_file_before_the_stop_is_still_known(self, tmp_path):
        path = write(tmp_path, 450)
        with path.open("a") as file:
            file.write("p-1,Again,,S-X,5,1,,M\nnew,New,,S-2-0,5,1,,M\n")
        run = interrupted(path)

        carry_on(run, path)

        texts = list(run.messages.values_list("text", flat=True))
        assert "was in the file before" in texts[0]
        assert "The SKU “S-2-0” was in the file before." in texts[1]

    def test_another_file_is_refused(self, tmp_path):
        run = interrupted(write(tmp_path, 450))
        other = write(tmp_path, 451, name="other.csv")

        assert find_unfinished(other, PRODUCTS) is None
        with pytest.raises(UnreadableFile, match="not the file"):
            carry_on(run, other)

    def test_a_run_that_was_ended_meanwhile_is_left_alone(self, tmp_path):
        path = write(tmp_path, 450)
        run = interrupted(path)
        ImportRun.objects.filter(pk=run.pk).update(status="cancelled", finished_at=run.created_at)

        with pytest.raises(Overtaken):
            carry_on(run, path)

        assert Product.objects.count() == 400

    def test_a_run_that_somebody_else_went_on_with_is_left_alone(self, tmp_path):
        path = write(tmp_path, 450)
        run = interrupted(path)
        ImportRun.objects.filter(pk=run.pk).update(position=850)

        with pytest.raises(Overtaken):
            carry_on(run, path)

        assert Product.objects.count() == 400

    def test_the_command_goes_on_when_it_is_asked_to(self, tmp_path, capsys):
        path = write(tmp_path, 450)
        interrupted(path)

        call_command("shopkit_import_products", str(path), resume=True, images=False)

        shown = capsys.readouterr()
        assert "Going on after row 800 of 900." in shown.err
        assert shown.out.startswith("created 450, updated 0, unchanged 0, failed 0")
        assert ImportRun.objects.get().status == "done"

    def test_the_command_says_that_there_is_something_to_go_on_with(self, tmp_path, capsys):
        path = write(tmp_path, 450)
        interrupted(path)

        call_command("shopkit_import_products", str(path), images=False)

        assert "--resume would go on there" in capsys.readouterr().err
        assert sorted(ImportRun.objects.values_list("status", "unchanged")) == [
            ("done", 400),
            ("running", 0),
        ]

    def test_the_command_says_where_it_was_interrupted(self, tmp_path, monkeypatch):
        path = write(tmp_path, 450)
        monkeypatch.setattr("shopkit.catalog.management.console.carry_on", _interrupting)

        with pytest.raises(CommandError, match="row 0 of 900; --resume") as failure:
            call_command("shopkit_import_products", str(path))

        assert failure.value.returncode == 130


def _interrupting(*_args: Any, **_given: Any) -> None:
    raise KeyboardInterrupt


class TestErrorsFile:
    def test_it_holds_what_failed_and_can_be_corrected_and_imported(self, tmp_path, capsys):
        path = write(tmp_path, 10, bad=(3, 7))
        errors = tmp_path / "errors.csv"

        with pytest.raises(CommandError):
            call_command("shopkit_import_products", str(path), errors=str(errors))

        rows = list(csv.DictReader(StringIO(errors.read_text(encoding="utf-8-sig"))))
        assert [row["sku"] for row in rows] == ["S-3-0", "S-3-1", "S-7-0", "S-7-1"]
        assert rows[0]["import_line"] == "9"
        assert "“free” is not an amount" in rows[0]["import_error"]
        assert rows[0]["categories"] == "Shop > Shelf 3"
        corrected = errors.read_text(encoding="utf-8-sig").replace("free", "9")
        errors.write_text(corrected, encoding="utf-8-sig")
        call_command("shopkit_import_products", str(errors))
        assert "created 2, updated 0, unchanged 0, failed 0" in capsys.readouterr().out
        assert Variant.objects.get(sku="S-3-1").price == Decimal(9)

    def test_it_cannot_be_taken_for_formulas_and_gives_back_what_was_there(self, tmp_path):
        path = tmp_path / "formulas.csv"
        path.write_text('slug,name,sku,price,"=x"\nodd,"=HYPERLINK(1)",\'+a,free,@y\n')
        errors = tmp_path / "errors.csv"

        with pytest.raises(CommandError):
            call_command("shopkit_import_products", str(path), errors=str(errors))
        text = errors.read_text(encoding="utf-8-sig")

        [header, row] = csv.reader(StringIO(text))
        assert header[4] == "'=x"
        assert row[:5] == ["odd", "'=HYPERLINK(1)", "'+a", "free", "'@y"]
        errors.write_text(text.replace("free", "5"))
        call_command("shopkit_import_products", str(errors))
        assert Product.objects.get().name == "=HYPERLINK(1)"
        assert Variant.objects.get().sku == "+a"

    def test_of_very_many_messages_the_first_are_kept_and_all_counted(self, tmp_path, monkeypatch):
        monkeypatch.setattr(runs, "MOST_KEPT", 50)
        path = write(tmp_path, 300, bad=tuple(range(300)))
        run = begin_run(path, PRODUCTS)

        carry_on(run, path)

        assert (run.errors, run.failed) == (300, 300)
        assert ImportMessage.objects.count() == 50


class TestBatches:
    def test_bad_products_cost_few_more_statements_and_good_ones_are_kept(self, tmp_path):
        path = tmp_path / "finer.csv"
        lines = [f"p-{n},P,S-{n},{'1.001' if n in {5, 77} else 1}" for n in range(150)]
        path.write_text("\n".join(["slug,name,sku,price", *lines, ""]))

        with CaptureQueriesContext(connection) as seen:
            report = import_products(path)

        assert (report.created, report.failed) == (148, 2)
        assert len(seen) < 150

    def test_a_lost_race_for_a_name_costs_its_product_alone(self, tmp_path, monkeypatch):
        # What somebody else has saved between the look and the write.
        import_products(write(tmp_path, 1))
        monkeypatch.setattr(
            "shopkit.catalog.services.bulk._Batch._refuse_taken", lambda *_args: None
        )
        monkeypatch.setattr(
            "shopkit.catalog.imports.saving.look_up", lambda _records: Known({}, {})
        )

        report = import_products(write(tmp_path, 4))

        assert (report.created, report.failed) == (3, 1)
        assert Product.objects.count() == 4

    def test_new_rows_take_less_than_a_statement_each(self, tmp_path):
        import_products(write(tmp_path, 20))
        more = tmp_path / "more.csv"
        text = write(tmp_path, 420).read_text().replace("p-", "q-").replace("S-", "T-")
        more.write_text(text)

        with CaptureQueriesContext(connection) as seen:
            assert import_products(more).created == 420

        assert len(seen) < 840 / 4

    def test_rows_that_change_nothing_take_hardly_any(self, tmp_path):
        path = write(tmp_path, 400)
        import_products(path)

        with CaptureQueriesContext(connection) as seen:
            assert import_products(path, stock=True).unchanged == 400

        assert len(seen) < 800 / 10

    def test_new_prices_of_many_take_less_than_a_statement_each(self, tmp_path):
        path = write(tmp_path, 200)
        import_products(path)
        lines = [f"p-{n},S-{n}-{v},{n + 50}" for n in range(200) for v in (0, 1)]
        path.write_text("\n".join(["slug,sku,price", *lines, ""]))

        with CaptureQueriesContext(connection) as seen:
            assert import_products(path).updated == 200

        assert len(seen) < 400 / 4
        assert Product.objects.get(slug="p-7").price_max == Decimal(57)


def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch):
    """Reading, grouping and comparing; what is saved is saved by batches anyway."""
    monkeypatch.setattr(
        "shopkit.catalog.imports.products.ProductKind.save",
        lambda _kind, items: ["unchanged"] * len(items),
    )
    small, large = (write(tmp_path, n, name=f"{n}.csv") for n in (2_500, 10_000))

    def peak(path: Path) -> int:
        import_products(path)
        tracemalloc.start()
        try:
            import_products(path)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # Of each slug and SKU a number is remembered; all else is gone after its batch.
    assert peak(large) - peak(small) < 22_500 * 64


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_gave_way_to_another_transaction_is_done_again_as_a_whole(
    tmp_path, monkeypatch
):
    class GaveWay(OperationalError):
        __cause__ = type("Cause", (Exception,), {"sqlstate": "40P01"})()

    through = runs.RunLedger.advance
    left = [GaveWay(), GaveWay()]

    def advance(*args):
        through(*args)
        if left:
            raise left.pop()

    monkeypatch.setattr(runs.RunLedger, "advance", advance)
    path = write(tmp_path, 10, bad=(3,))
    run = begin_run(path, PRODUCTS)

    carry_on(run, path)

    assert not left
    assert (run.status, run.created, run.failed) == ("done", 9, 1)
    assert Category.objects.count() == 7
    assert import_products(path).unchanged == 9


KILLED = """
import os, sys, signal, django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
from django.core.management import call_command
from shopkit.catalog.imports.work import Work

take = Work._take

def dying(work, items):
    take(work, items)
    if work.done >= 800:
        os.kill(os.getpid(), signal.SIGKILL)

Work._take = dying
call_command("shopkit_import_products", sys.argv[1])
"""


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_killed_goes_on_to_the_same_end(tmp_path, capsys):
    path = write(tmp_path, 700, bad=(3, 650))
    name = str(connection.settings_dict["NAME"])

    killed = subprocess.run(  # noqa: S603
        [sys.executable, "-c", KILLED, str(path), name],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert ImportRun.objects.get().position == 800
    assert Product.objects.count() == 399

    with pytest.raises(CommandError, match="2 failed"):
        call_command("shopkit_import_products", str(path), resume=True)

    assert "created 698, updated 0, unchanged 0, failed 2" in capsys.readouterr().out
    assert Product.objects.count() == 698
    assert import_products(path).unchanged == 698
