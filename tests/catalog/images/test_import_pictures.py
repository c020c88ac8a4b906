"""Pictures that a file names: fetched after their product is stored, each once."""

import csv
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkit.catalog.exports.shopify import shopify_rows
from shopkit.catalog.imports import pictures
from shopkit.catalog.imports.products import import_products
from shopkit.catalog.imports.report import Listener
from shopkit.catalog.imports.runs import Order, begin_run, carry_on
from shopkit.catalog.models import Image, Product, Variant
from shopkit.catalog.services.images import ImageData, add_image, update_image
from shopkit.catalog.services.products import (
    ProductData,
    VariantData,
    create_product,
    delete_product,
)
from tests.accounts.pictures import picture
from tests.catalog.test_import_own_products import empty

from .conftest import files, named

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = (
    "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,"
    "Image Src,Image Position,Image Alt Text,Variant Image"
)


class Shelf(BaseHTTPRequestHandler):
    """Serves pictures, and remembers for whom, and whether a transaction was open then."""

    def do_GET(self):
        self.server.asked.append(self.path)
        body = picture(size=(600, 400))
        is_bad = "missing" in self.path
        self.send_response(404 if is_bad else 200)
        self.end_headers()
        self.wfile.write(b"<html>" if "page" in self.path else body)

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def shelf(settings):
    served = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    served.asked = []
    served.url = f"http://127.0.0.1:{served.server_port}"
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    catalog = {
        **settings.SHOPKIT["CATALOG"],
        "PRIVATE_IMAGE_HOSTS": [f"127.0.0.1:{served.server_port}"],
    }
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": catalog}
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


def write(tmp_path, *lines):
    path = tmp_path / "shopify.csv"
    path.write_text("\n".join([HEADER, *lines, ""]))
    return path


def run(path, **options):
    listener = Listener()
    report = import_products(path, listener=listener, **{"images": True, **options})
    return report, {one.line: one.text for one in listener.messages}


@pytest.fixture
def hats(tmp_path, shelf):
    """Two hats in one colour, one in another, with three pictures in another order."""
    url = shelf.url
    return write(
        tmp_path,
        f"hat,Hat,Colour,Red,HAT-R,100,{url}/second.jpg,2,Behind,{url}/red.jpg",
        f"hat,,,Blue,HAT-B,100,{url}/first.jpg,1,Front,",
        f"hat,,,Green,HAT-G,100,,,,{url}/first.jpg",
        f"hat,,,,,,{url}/third.jpg,3,,",
    )


def test_pictures_come_in_their_order_with_texts_and_variants(hats, shelf, media):
    report, notes = run(hats)

    assert (report.created, notes) == (1, {})
    product = Product.objects.get()
    found = [
        (one.source.rpartition("/")[2], one.alt, one.variant and one.variant.sku)
        for one in product.images.order_by("position")
    ]
    assert found == [
        ("first.jpg", "Front", "HAT-G"),
        ("second.jpg", "Behind", None),
        ("third.jpg", "", None),
        ("red.jpg", "", "HAT-R"),
    ]
    assert product.primary_image.source.endswith("first.jpg")
    assert files(media) == named()
    assert all(one.sizes for one in product.images.all())


def test_pictures_go_round_with_their_order_texts_and_variants(hats, tmp_path, shelf):
    def shown():
        rows = Image.objects.order_by("position")
        return list(rows.values_list("position", "source", "alt", "variant__sku"))

    run(hats)
    image = Image.objects.get(source__endswith="third.jpg")
    update_image(image, changes={"variant_id": Variant.objects.get(sku="HAT-G").pk})
    before = shown()
    assert [one[3] for one in before] == ["HAT-G", None, "HAT-G", "HAT-R"]
    path = tmp_path / "again.csv"
    with path.open("w", newline="") as out:
        csv.writer(out).writerows(shopify_rows())
    empty()

    assert run(path)[1] == {}

    # A variant has one picture in that format; its others become the product's.
    assert shown() == [one if one[0] != 2 else (*one[:3], None) for one in before]


def test_a_picture_that_variants_share_is_the_product_s(tmp_path, shelf):
    path = write(
        tmp_path,
        f"hat,Hat,Size,S,HAT-S,100,,,,{shelf.url}/red.jpg",
        f"hat,,,M,HAT-M,100,,,,{shelf.url}/red.jpg",
    )

    run(path)

    assert Image.objects.get().variant is None
    assert shelf.asked == ["/red.jpg"]


def test_a_second_run_asks_once_for_all_pictures_of_a_product(hats, shelf):
    def count(**options):
        with CaptureQueriesContext(connection) as asked:
            run(hats, **options)
        return len(asked)

    run(hats)

    assert count(images=True) == count(images=False) + 1


def test_a_second_run_fetches_nothing_and_keeps_what_staff_wrote(hats, shelf):
    run(hats)
    Image.objects.filter(position=0).update(alt="Ours")
    before, asked = list(Image.objects.values()), len(shelf.asked)

    report, notes = run(hats)

    assert (report.unchanged, notes) == (1, {})
    assert list(Image.objects.values()) == before
    assert len(shelf.asked) == asked == 4


def test_what_cannot_be_fetched_is_told_and_fails_nothing(tmp_path, shelf, media):
    path = write(
        tmp_path,
        f"a,A,,,A,1,{shelf.url}/missing.jpg,1,,",
        f"b,B,,,B,1,{shelf.url}/page.jpg,1,,",
        "c,C,,,C,1,http://169.254.169.254/meta,1,,",
        "d,D,,,D,1,file:///etc/passwd,1,,",
        f"e,E,,,E,1,{shelf.url}/good.jpg,1,,",
    )

    report, notes = run(path)

    assert (report.created, report.failed, report.errors, report.notes) == (5, 0, 0, 4)
    assert "status 404" in notes[2]
    assert "no JPEG" in notes[3]
    assert "open internet" in notes[4]
    assert "http://" in notes[5]
    assert Image.objects.get().product.slug == "e"
    assert files(media) == named()


def test_a_silent_host_is_left_alone_after_a_while(tmp_path, db, monkeypatch):
    asked = []

    def silent(url):
        asked.append(url)
        raise pictures.Unreachable

    monkeypatch.setattr(pictures, "fetch_image", silent)
    lines = [f"p{n},P,,,P{n},1,http://dead.example/{n}.jpg,1,," for n in range(9)]
    lines.append("q,Q,,,Q,1,http://other.example/1.jpg,1,,")

    report, notes = run(write(tmp_path, *lines))

    assert (report.created, report.notes, len(notes)) == (10, 10, 10)
    assert len(asked) == pictures.PATIENCE + 1


def test_no_transaction_is_open_while_a_picture_is_fetched(hats, monkeypatch):
    states = []
    fetch_image = pictures.fetch_image

    def watching(url):
        states.append(connection.in_atomic_block)
        return fetch_image(url)

    monkeypatch.setattr(pictures, "fetch_image", watching)

    run(hats)

    assert states == [False] * 4


@pytest.mark.parametrize(
    ("options", "told"), [({"images": False}, {2, 3, 5}), ({"dry_run": True}, set())]
)
def test_nothing_is_fetched_where_nobody_asked_for_it(hats, shelf, options, told):
    _report, notes = run(hats, **options)

    assert shelf.asked == []
    assert set(notes) == told
    assert not Image.objects.exists()


def test_the_command_fetches_unless_told_not_to(hats, shelf):
    call_command("shopkit_import_products", str(hats), "--no-images", stderr=StringIO())
    assert shelf.asked == []

    out = StringIO()
    call_command("shopkit_import_products", str(hats), stdout=out, stderr=StringIO())

    assert "unchanged 1" in out.getvalue()
    assert Image.objects.count() == 4


def test_more_pictures_than_a_product_may_have_are_told(hats, shelf, settings):
    catalog = {**settings.SHOPKIT["CATALOG"], "MAX_IMAGES": 3}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": catalog}

    report, notes = run(hats)

    assert (report.failed, report.notes) == (0, 1)
    assert "at most 3" in notes[2]


def test_a_product_deleted_meanwhile_takes_no_picture(hats, shelf, media, monkeypatch):
    fetch_image = pictures.fetch_image

    def late(url):
        if len(shelf.asked) == 2:
            delete_product(Product.objects.get())
        return fetch_image(url)

    monkeypatch.setattr(pictures, "fetch_image", late)

    report, notes = run(hats)

    assert report.created == 1
    assert any("deleted meanwhile" in text for text in notes.values())
    assert files(media) == named()


def test_an_address_that_is_none_is_told(tmp_path, shelf):
    path = write(tmp_path, "a,A,,,A,1,http://[x/1.jpg,1,,", f"b,B,,,B,1,{shelf.url}/b.jpg,1,,")

    report, notes = run(path)

    assert (report.created, list(notes)) == (2, [2])
    assert "no address" in notes[2]
    assert Image.objects.get().product.slug == "b"


def test_beyond_as_many_as_a_product_may_have_nothing_is_fetched(hats, shelf, settings):
    catalog = {**settings.SHOPKIT["CATALOG"], "MAX_IMAGES": 3}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": catalog}

    run(hats)

    assert len(shelf.asked) == 3


@pytest.mark.parametrize("base", ["/media/", "https://cdn.example/shop/"])
def test_pictures_that_the_shop_itself_has_exported_are_not_fetched_again(
    tmp_path, media, settings, base, monkeypatch
):
    settings.MEDIA_URL = base
    product = create_product(
        ProductData(name="Hat", slug="hat", variants=[VariantData(price=Decimal(1), sku="HAT")])
    )
    for alt in ("Front", "Behind"):
        add_image(product, file=ContentFile(picture(), name="x"), data=ImageData(alt=alt))
    path = tmp_path / "shopify.csv"
    with path.open("w", newline="") as out:
        csv.writer(out).writerows(shopify_rows())
    assert base in path.read_text()
    asked = []
    monkeypatch.setattr(pictures, "fetch_image", asked.append)

    report, notes = run(path)

    assert (report.unchanged, notes, asked) == (1, {}, [])


class TestInterrupted:
    """Between the commit of products and the last of their pictures."""

    ORDER = Order(kind="products", options={"images": True})

    @pytest.fixture
    def many(self, tmp_path, shelf):
        """Five products with a picture each; the third is wrong, and is in the shop already."""
        old = write(tmp_path, "p2,Old,,,P2,1,,,,")
        import_products(old)
        lines = [
            f"p{n},P,,,P{n},{'free' if n == 2 else 1},{shelf.url}/{n}.jpg,1,," for n in range(5)
        ]
        return write(tmp_path, *lines)

    def owners(self):
        return sorted(Image.objects.values_list("product__slug", flat=True))

    def test_what_is_lacking_is_fetched_when_the_import_goes_on(self, many, shelf, monkeypatch):
        fetch_image = pictures.fetch_image

        def dying(url):
            if url.endswith("3.jpg"):
                raise KeyboardInterrupt
            return fetch_image(url)

        monkeypatch.setattr(pictures, "fetch_image", dying)
        begun = begin_run(many, self.ORDER)
        with pytest.raises(KeyboardInterrupt):
            carry_on(begun, many)
        begun.refresh_from_db()
        assert (begun.position, begun.settled, self.owners()) == (5, 0, ["p0", "p1"])
        monkeypatch.setattr(pictures, "fetch_image", fetch_image)

        assert carry_on(begun, many)

        assert self.owners() == ["p0", "p1", "p3", "p4"]
        assert (begun.status, begun.settled, begun.created, begun.failed) == ("done", 5, 4, 1)
        assert shelf.asked == ["/0.jpg", "/1.jpg", "/3.jpg", "/4.jpg"]

    def test_the_command_goes_on_with_the_pictures_too(self, many, monkeypatch):
        def dying(_url):
            raise KeyboardInterrupt

        fetch_image = pictures.fetch_image
        monkeypatch.setattr(pictures, "fetch_image", dying)
        with pytest.raises(CommandError, match="--resume"):
            call_command("shopkit_import_products", str(many), stderr=StringIO())
        monkeypatch.setattr(pictures, "fetch_image", fetch_image)

        with pytest.raises(CommandError, match="1 failed"):
            call_command("shopkit_import_products", str(many), resume=True, stderr=StringIO())

        assert self.owners() == ["p0", "p1", "p3", "p4"]

    def test_time_that_is_over_is_over_between_two_products(self, many, shelf):
        begun = begin_run(many, self.ORDER)
        pieces = []
        while not carry_on(begun, many, until=lambda: True):
            pieces.append((begun.position, begun.settled, len(shelf.asked)))

        assert pieces == [(5, 1, 1), (5, 2, 2), (5, 3, 2), (5, 4, 3)]
        assert (begun.status, self.owners()) == ("done", ["p0", "p1", "p3", "p4"])

    def test_what_could_not_be_had_is_told_once(self, tmp_path, shelf):
        lines = [f"p{n},P,,,P{n},1,{shelf.url}/missing-{n}.jpg,1,," for n in range(3)]
        path = write(tmp_path, *lines)
        begun = begin_run(path, self.ORDER)

        while not carry_on(begun, path, until=lambda: True):
            pass

        assert list(begun.messages.values_list("line", flat=True)) == [2, 3, 4]
        assert begun.notes == 3
        assert len(shelf.asked) == 3
