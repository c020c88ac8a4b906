"""The smaller pictures, made off the request: once, whoever else does so."""

import tracemalloc
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models.functions import Now

from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.doctor import image_sizes
from shopkit.catalog.models import Image
from shopkit.catalog.receivers import make_sizes_of
from shopkit.catalog.services import sizes
from shopkit.catalog.services.images import delete_image
from shopkit.catalog.services.sizes import make_missing_sizes, make_sizes
from shopkit.core.facts import deliver_all
from shopkit.core.images import smaller_images
from shopkit.core.models import Delivery
from tests.accounts.pictures import picture
from tests.threads import at_once, kinds

from .conftest import add, files, named, opened

pytestmark = pytest.mark.django_db(transaction=True)
LARGE = picture(size=(1500, 1000))


@pytest.fixture(autouse=True)
def by_hand(settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "FACTS": {"DELIVERY": "manual"}}


def set_sizes(settings, **given):
    catalog = {**settings.SHOPKIT["CATALOG"], "IMAGE_SIZES": given}
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": catalog}


def test_they_are_made_after_the_request_by_who_hears_of_the_picture(product, media):
    image = add(product, LARGE)
    image.refresh_from_db()
    assert image.sizes == {}
    assert len(files(media)) == 1

    assert deliver_all() == 1

    assert Delivery.objects.exclude(delivered_at=None).count() == 1
    assert len(files(media)) == 4
    assert files(media) == named()


def test_a_picture_is_never_made_larger(product, media):
    image = add(product, picture(size=(300, 200)))

    make_sizes(image.pk)

    image.refresh_from_db()
    assert image.sizes["card"] == image.sizes["page"] == image.file.name
    assert opened(media / image.sizes["thumb"]).size == (160, 107)
    assert len(files(media)) == 2


def test_making_them_twice_is_making_them_once(product, media):
    image = add(product, LARGE)
    assert make_sizes(image.pk) is True
    before = files(media)

    assert make_sizes(image.pk) is False
    make_sizes_of(image_id=image.pk)
    make_sizes_of(image_id=10**9)

    assert files(media) == before == named()


def test_a_picture_deleted_meanwhile_leaves_no_file(product, media, monkeypatch):
    image = add(product, LARGE)

    def slowly(file, *, longest_sides):
        for number, made in enumerate(smaller_images(file, longest_sides=longest_sides)):
            if number == 1:
                delete_image(image)
            yield made

    monkeypatch.setattr(sizes, "smaller_images", slowly)

    assert make_sizes(image.pk) is False
    assert files(media) == []


def test_a_picture_deleted_before_its_file_is_opened_is_no_failure(product, media, monkeypatch):
    image = add(product, LARGE)
    written = sizes._written

    def late(one, made):
        delete_image(image)
        return written(one, made)

    monkeypatch.setattr(sizes, "_written", late)

    assert make_sizes(image.pk) is False
    assert files(media) == []


def test_a_storage_that_fails_half_way_is_tried_again_and_leaves_nothing(
    product, media, monkeypatch
):
    image = add(product, LARGE)
    storage = type(image.file.storage._wrapped)
    save, calls = storage.save, []

    def failing(self, name, content, max_length=None):
        calls.append(name)
        if len(calls) == 2:
            raise OSError("the disk is full")
        return save(self, name, content, max_length)

    monkeypatch.setattr(storage, "save", failing)
    deliver_all()

    delivery = Delivery.objects.get()
    assert (delivery.delivered_at, delivery.attempts) == (None, 1)
    assert "the disk is full" in delivery.last_error
    assert files(media) == named()
    assert make_sizes(image.pk) is True
    assert files(media) == named()
    assert len(files(media)) == 4


def test_a_remote_storage_is_asked_for_no_path(product, remote):
    image = add(product, LARGE)

    assert make_sizes(image.pk) is True

    image.refresh_from_db()
    assert all(remote.exists(name) for name in image.sizes.values())


def test_a_new_setting_makes_them_anew_and_takes_the_old_ones_away(product, media, settings):
    for _turn in range(3):
        make_sizes(add(product, LARGE).pk)
    set_sizes(settings, small=100, card=480)
    out = StringIO()

    call_command("shopkit_make_image_sizes", stdout=out, stderr=StringIO())

    assert out.getvalue() == "made the sizes of 3 images\n"
    image = Image.objects.first()
    assert sorted(image.sizes) == ["card", "small"]
    assert opened(media / image.sizes["small"]).size[0] == 100
    assert len(files(media)) == 9
    assert files(media) == named()
    assert make_missing_sizes() == (0, 0)


def test_without_sizes_there_are_none(product, media, settings):
    make_sizes(add(product, LARGE).pk)
    set_sizes(settings)

    assert make_missing_sizes() == (1, 0)
    assert len(files(media)) == 1


def test_one_that_fails_is_named_and_stops_no_other(product, media, monkeypatch):
    monkeypatch.setattr(sizes, "BATCH", 1)
    lost, good = add(product, LARGE), add(product, LARGE)
    (media / lost.file.name).unlink()
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match="1 failed"):
        call_command("shopkit_make_image_sizes", stdout=out, stderr=err)

    assert f"image {lost.pk}: FileNotFoundError" in err.getvalue()
    good.refresh_from_db()
    assert len(good.sizes) == 3


def test_the_doctor_names_who_waits_too_long(product):
    young, old, done = (add(product) for _ in range(3))
    make_sizes(done.pk)
    Image.objects.exclude(pk=young.pk).update(created_at=Now() - timedelta(days=400))

    [finding] = image_sizes()

    assert (finding.subject, finding.is_warning) == (f"image {old.pk}", True)


def test_a_site_s_own_row_gets_them_too(product, media):
    media.mkdir()
    (media / "own.png").write_bytes(picture("PNG", size=(600, 300)))
    image = Image.objects.create(product=product, file="own.png")

    assert make_missing_sizes() == (1, 0)

    image.refresh_from_db()
    assert image.sizes["page"] == "own.png"
    assert image.sizes["card"].startswith("own-480-")
    assert files(media) == named()


def test_no_more_than_one_decoded_picture_is_in_memory(product):
    image = add(product, picture(size=(2000, 2000), colour="blue"))
    tracemalloc.start()
    try:
        make_sizes(image.pk)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Four bytes for each pixel; an older Pillow hides them.
    assert most < 1.5 * 4 * 2000 * 2000


@pytest.mark.parametrize(
    "wrong",
    [
        {"Thumb": 160},
        {"thumb": 15},
        {"thumb": 5000},
        {"thumb": "160"},
        {"thumb": True},
        {1: 160},
        {f"s{one}": 100 for one in range(11)},
    ],
)
def test_a_wrong_setting_is_refused(settings, wrong):
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": {"IMAGE_SIZES": wrong}}

    with pytest.raises(ImproperlyConfigured, match="IMAGE_SIZES"):
        catalog_settings()


def make_naively(pk):
    """What ``make_sizes`` would be without the last look at the row."""
    image = Image.objects.get(pk=pk)
    image.sizes = sizes._written(image, [])
    image.save(update_fields=["sizes"])


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.parametrize(("make", "is_right"), [(make_sizes, True), (make_naively, False)])
def test_many_who_make_them_at_once_leave_the_files_of_one(product, media, make, is_right):
    image = add(product, LARGE)

    outcomes = at_once([lambda: make(image.pk)] * 6)

    assert kinds(outcomes) == {"ok": 6}
    assert (files(media) == named()) is is_right
    if is_right:
        assert sorted(outcomes) == [False] * 5 + [True]


def update_naively(pk):
    """Writes files beside a picture that may be gone."""
    image = Image.objects.get(pk=pk)
    found = sizes._written(image, [])
    Image.objects.filter(pk=pk).update(sizes=found)


@pytest.mark.postgres
@pytest.mark.race
@pytest.mark.parametrize(("make", "is_right"), [(make_sizes, True), (update_naively, False)])
def test_pictures_deleted_while_their_sizes_are_made_leave_nothing(product, media, make, is_right):
    left = []
    for _turn in range(8):
        image = add(product, LARGE)
        at_once([lambda one=image: make(one.pk), lambda one=image: delete_image(one)])
        left += files(media)

    assert not Image.objects.exists()
    assert (left == []) is is_right
