"""Imports and exports in the admin, as a shopkeeper uses them."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.test import Client
from django.utils.translation import get_language

from shopkit.catalog.imports import uploads
from shopkit.catalog.imports.uploads import continue_upload, forget_imports
from shopkit.catalog.models import Category, ImportRun, Product, Variant
from shopkit.catalog.testing import make_category, make_variant
from shopkit.core.facts import deliver_all
from shopkit.core.models import Delivery
from shopkit.inventory.models import Movement, StockItem
from shopkit.inventory.testing import make_stock
from tests.catalog.uploading import GOOD, RUNS, begun, download, helper, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}


@pytest.fixture
def shopkeeper(staff):
    client = Client()
    client.force_login(staff)
    return client


class TestUpload:
    def test_the_preview_says_what_would_happen_and_changes_nothing(self, shopkeeper):
        answer = upload(shopkeeper, GOOD)

        run = ImportRun.objects.get()
        assert answer.headers["Location"] == f"{RUNS}{run.pk}/change/"
        assert (run.status, run.total, run.started_by.username) == ("new", 3, "boss")
        assert not Product.objects.exists()
        page = shopkeeper.get(answer.headers["Location"])
        outcomes = [(one["subject"], one["outcome"]) for one in run.preview["rows"]]
        assert outcomes == [("cap", "created"), ("hat", "created"), ("bad", "failed")]
        assert "“free” is not an amount" in page.content.decode()
        assert "Import all rows" in page.content.decode()
        assert "shopkit_catalog/admin/pages.css" in page.content.decode()

    def test_its_name_in_the_storage_cannot_be_guessed(self, shopkeeper):
        upload(shopkeeper, GOOD, name="../../evil.csv")

        run = ImportRun.objects.get()
        assert run.file_name == "evil.csv"
        assert "evil" not in run.upload.name
        assert run.upload.name.startswith("imports/")
        assert len(run.upload.name) > 32

    def test_after_a_yes_it_is_done_off_the_request_and_the_file_is_gone(self, shopkeeper):
        run = begun(shopkeeper, GOOD)
        assert not Product.objects.exists()
        stored = run.upload.name
        assert default_storage.exists(stored)

        deliver_all()

        run.refresh_from_db()
        assert (run.status, run.position, run.created, run.failed) == ("done", 3, 2, 1)
        assert set(Product.objects.values_list("slug", flat=True)) == {"cap", "hat"}
        page = shopkeeper.get(f"{RUNS}{run.pk}/change/").content.decode()
        assert "3 of 3 rows, done." in page
        assert "Download the rows that failed" in page

    def test_the_file_goes_after_the_end(self, shopkeeper, django_capture_on_commit_callbacks):
        run = begun(shopkeeper, GOOD)
        stored = run.upload.name

        with django_capture_on_commit_callbacks(execute=True):
            deliver_all()

        assert not default_storage.exists(stored)

    def test_the_rows_that_failed_can_be_downloaded_corrected_and_imported(self, shopkeeper):
        run = begun(shopkeeper, GOOD.replace("Bad", "=1+2"))
        deliver_all()

        [header, row] = download(shopkeeper, f"{RUNS}{run.pk}/errors/")

        assert header == ["slug", "name", "sku", "price", "import_line", "import_error"]
        assert row[:5] == ["bad", "'=1+2", "BAD", "free", "4"]

    def test_a_second_yes_begins_nothing(self, shopkeeper):
        run = begun(shopkeeper, GOOD)

        shopkeeper.post(f"{RUNS}{run.pk}/confirm/")

        assert Delivery.objects.count() == 1

    def test_a_no_takes_the_file_away(self, shopkeeper, django_capture_on_commit_callbacks):
        upload(shopkeeper, GOOD)
        run = ImportRun.objects.get()
        stored = run.upload.name

        with django_capture_on_commit_callbacks(execute=True):
            shopkeeper.post(f"{RUNS}{run.pk}/cancel/")

        run.refresh_from_db()
        assert run.status == "cancelled"
        assert not default_storage.exists(stored)
        shopkeeper.post(f"{RUNS}{run.pk}/confirm/")
        assert not Delivery.objects.exists()

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            (b"", "empty"),
            (b"a,b\n1,2\n", "no known format"),
            (b"PK\x03\x04\x00\x00", "not a text file"),
            ("slug,name,sku,price\nx,Café à la crème,X,1\n".encode("latin-1"), "not UTF-8"),
            (b'slug,name,sku,price\nx,"X,X,1\n', "quote left open"),
            (b"slug,name,sku,price\nx,%s,X,1\n" % (b"x" * 200_000), "field larger"),
            (b"slug,name,sku,price\nx,%s,X,1\n" % (b"x" * 2_000_000), "line is too long"),
        ],
    )
    def test_what_cannot_be_read_is_refused_on_the_page(self, shopkeeper, text, complaint):
        answer = upload(shopkeeper, text)

        assert answer.status_code == 200
        assert complaint in str(answer.context["form"].errors)
        assert not ImportRun.objects.exists()

    def test_a_file_that_is_too_large_is_refused(self, shopkeeper, settings):
        settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": {"IMPORT_LARGEST": 20}}

        answer = upload(shopkeeper, GOOD)

        assert "too large" in str(answer.context["form"].errors)

    @pytest.mark.parametrize(
        ("encoding", "separator"),
        [("utf-8", ","), ("utf-8-sig", ";"), ("cp1251", ";"), ("cp1251", "\t")],
    )
    def test_the_files_of_spreadsheets_are_read_as_they_are(self, shopkeeper, encoding, separator):
        text = "slug,name,sku,price\nkepka,Кепка «Тёплая»,K,10\n".replace(",", separator)

        begun(shopkeeper, text.replace("10", "10.50").encode(encoding))
        deliver_all()

        assert Product.objects.get().name == "Кепка «Тёплая»"
        assert Variant.objects.get().price == Decimal("10.5")

    def test_decimal_commas_are_read_where_commas_part_no_cells(self, shopkeeper):
        begun(shopkeeper, "slug;name;sku;price\ncap;Cap;C;1500,5\n")
        deliver_all()

        assert Variant.objects.get().price == Decimal("1500.5")


class TestKinds:
    def test_stock(self, shopkeeper):
        cup = make_variant(sku="CUP")
        make_stock(cup, on_hand=5)

        begun(shopkeeper, "sku,on_hand,expected\nCUP,8,5\nNOWHERE,1,\n", kind="stock")
        deliver_all()

        run = ImportRun.objects.get()
        assert (run.updated, run.failed) == (1, 1)
        assert StockItem.objects.get(variant=cup).on_hand == 8
        assert Movement.objects.latest("pk").reference == "import of goods.csv"

    def test_prices(self, shopkeeper):
        make_variant(sku="CUP", price="10")

        begun(shopkeeper, "sku,price,sale_price\nCUP,20,15\n", kind="prices")
        deliver_all()

        assert Product.objects.get().price_min == Decimal(15)

    def test_categories(self, shopkeeper):
        text = "slug,name,parent_slug\nhats,Hats,\ncaps,Caps,hats\nlost,Lost,nowhere\n"
        run = begun(shopkeeper, text, kind="categories")
        assert run.total == 3
        deliver_all()

        run.refresh_from_db()
        assert (run.status, run.position, run.created, run.failed) == ("done", 3, 2, 1)
        rows = download(shopkeeper, f"{RUNS}{run.pk}/errors/")
        assert rows[1][:4] == ["lost", "Lost", "nowhere", "4"]
        assert Category.objects.get(slug="caps").parent.slug == "hats"

    def test_the_stock_of_a_product_file_is_set_when_asked_for(self, shopkeeper):
        make_stock(make_variant(sku="CAP"), on_hand=5)
        slug = Product.objects.get().slug
        text = f"slug,sku,price,stock\n{slug},CAP,10,9\n"

        begun(shopkeeper, text, stock="on")
        deliver_all()

        assert StockItem.objects.get().on_hand == 9


class TestPieces:
    def test_each_delivery_does_a_piece_and_announces_the_next(self, shopkeeper, monkeypatch):
        monkeypatch.setattr(uploads, "PIECE", 0.0)
        lines = "".join(f"p-{n},P,S-{n},1\n" for n in range(500))
        run = begun(shopkeeper, f"slug,name,sku,price\n{lines}")
        positions = []

        while Delivery.objects.due().exists():
            continue_upload(run.pk)
            Delivery.objects.filter(delivered_at=None).first().delete()
            run.refresh_from_db()
            positions.append(run.position)

        assert positions == [200, 400, 500]
        assert run.status == "done"
        assert Product.objects.count() == 500

    def test_a_piece_that_is_delivered_twice_does_nothing_twice(self, shopkeeper):
        run = begun(shopkeeper, GOOD)

        continue_upload(run.pk)
        continue_upload(run.pk)

        run.refresh_from_db()
        assert (run.status, run.created, run.failed) == ("done", 2, 1)

    def test_one_that_was_stopped_does_not_go_on(self, shopkeeper):
        run = begun(shopkeeper, GOOD)
        shopkeeper.post(f"{RUNS}{run.pk}/cancel/")

        deliver_all()

        run.refresh_from_db()
        assert (run.status, run.position) == ("cancelled", 0)
        assert not Product.objects.exists()

    def test_one_whose_file_is_gone_is_stopped_and_says_why(self, shopkeeper):
        run = begun(shopkeeper, GOOD)
        run.refresh_from_db()
        default_storage.delete(run.upload.name)

        deliver_all()

        run.refresh_from_db()
        assert (run.status, run.problem) == ("stopped", "The uploaded file is gone.")
        assert run.problem in shopkeeper.get(f"{RUNS}{run.pk}/change/").content.decode()

    def test_the_page_of_a_running_one_shows_how_far_it_is(self, shopkeeper):
        run = begun(shopkeeper, GOOD)
        ImportRun.objects.filter(pk=run.pk).update(position=1)

        page = shopkeeper.get(f"{RUNS}{run.pk}/change/").content.decode()

        assert "1 of 3 rows, running." in page
        assert 'http-equiv="refresh"' in page
        assert "left." in page

    def test_messages_are_in_the_language_of_whoever_has_uploaded(self, shopkeeper, monkeypatch):
        languages = []
        monkeypatch.setattr(
            uploads, "carry_on", lambda *_args, **_given: languages.append(get_language()) or True
        )
        shopkeeper.cookies["django_language"] = "ru"
        begun(shopkeeper, GOOD)

        deliver_all()

        assert languages == ["ru"]


class TestPermissions:
    def test_products_need_adding_and_changing(self):
        client = helper("view_product", "change_product")

        assert client.get(f"{RUNS}add/?kind=products").status_code == 403
        assert upload(client, GOOD).status_code == 403
        assert not ImportRun.objects.exists()

    def test_stock_needs_what_its_keeper_says(self):
        client = helper("change_variant")

        assert client.get(f"{RUNS}add/?kind=stock").status_code == 403
        assert client.get(f"{RUNS}add/?kind=prices").status_code == 200

    def test_who_may_not_set_stock_is_not_offered_to(self):
        client = helper("add_product", "change_product")
        make_stock(make_variant(sku="CAP"), on_hand=5)
        slug = Product.objects.get().slug

        begun(client, f"slug,sku,price,stock\n{slug},CAP,10,9\n", stock="on")
        deliver_all()

        assert "stock" not in client.get(f"{RUNS}add/").context["form"].fields
        assert StockItem.objects.get().on_hand == 5

    @pytest.mark.parametrize("action", ["confirm", "cancel", "errors", "change"])
    def test_a_run_of_another_kind_is_nowhere(self, shopkeeper, action):
        upload(shopkeeper, GOOD)
        run = ImportRun.objects.get()
        client = helper("change_variant")
        way = client.post if action in {"confirm", "cancel"} else client.get

        assert way(f"{RUNS}{run.pk}/{action}/").status_code == 404
        run.refresh_from_db()
        assert run.status == "new"

    def test_nothing_is_begun_by_a_link(self, shopkeeper):
        upload(shopkeeper, GOOD)
        run = ImportRun.objects.get()

        assert shopkeeper.get(f"{RUNS}{run.pk}/confirm/").status_code == 405
        forger = Client(enforce_csrf_checks=True)
        forger.force_login(get_user_model().objects.get())
        assert forger.post(f"{RUNS}{run.pk}/confirm/").status_code == 403

    def test_customers_and_strangers_are_sent_to_sign_in(self, user):
        for client in (Client(), Client()):
            assert client.get(f"{RUNS}add/").status_code == 302
            assert client.get(f"{RUNS}export/products/shopkit/").status_code == 302
            client.force_login(user)

    def test_exports_need_looking(self):
        client = helper("view_variant")

        assert client.get(f"{RUNS}export/products/shopkit/").status_code == 403
        assert client.get(f"{RUNS}export/prices/shopkit/").status_code == 200


class TestExport:
    def test_each_kind_is_streamed_and_read_back_unchanged(self, shopkeeper, tmp_path):
        cup = make_variant(sku="=CUP", price="10", sale_price="8")
        make_stock(cup, on_hand=5)
        make_category(name="@Hats")

        for kind in ("products", "stock", "prices", "categories"):
            rows = download(shopkeeper, f"{RUNS}export/{kind}/shopkit/")
            assert len(rows) == 2
            assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)
            text = "\n".join(",".join(row) for row in rows)
            assert upload(shopkeeper, text, kind=kind).status_code == 302
            run = ImportRun.objects.first()
            assert run.preview["report"]["unchanged"] == 1
            assert run.preview["report"]["failed"] == 0

    def test_chosen_products_are_downloaded_from_the_list(self, shopkeeper):
        cup, plate = make_variant(sku="CUP"), make_variant(sku="PLATE")
        assert cup.product_id != plate.product_id

        answer = shopkeeper.post(
            "/admin/shopkit_catalog/product/",
            {"action": "export_chosen", "_selected_action": [plate.product_id]},
        )

        text = b"".join(answer.streaming_content).decode()
        assert "PLATE" in text
        assert "CUP" not in text

    def test_the_lists_have_buttons(self, shopkeeper):
        for model, kind in (
            ("product", "products"),
            ("variant", "stock"),
            ("category", "categories"),
        ):
            page = shopkeeper.get(f"/admin/shopkit_catalog/{model}/").content.decode()
            assert f"{RUNS}add/?kind={kind}" in page
            assert f"{RUNS}export/" in page

    def test_an_unknown_export_is_nowhere(self, shopkeeper):
        assert shopkeeper.get(f"{RUNS}export/orders/shopkit/").status_code == 404


def test_what_is_over_for_long_and_what_nobody_confirmed_goes(shopkeeper):
    for _ in range(3):
        upload(shopkeeper, GOOD)
    new, old, over = ImportRun.objects.all()
    ImportRun.objects.filter(pk=old.pk).update(created_at="2020-01-01T00:00Z")
    ImportRun.objects.filter(pk=over.pk).update(status="done", finished_at="2020-01-01T00:00Z")

    assert forget_imports() == 2

    assert dict(ImportRun.objects.values_list("pk", "status")) == {
        new.pk: "new",
        old.pk: "cancelled",
    }
    assert forget_imports() == 0
