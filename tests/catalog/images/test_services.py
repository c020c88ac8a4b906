"""Files and rows of pictures belong together, whatever happens."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from PIL import Image as PictureFile

from shopkit.catalog.models import Image, Product
from shopkit.catalog.services import images
from shopkit.catalog.services.images import (
    ImageData,
    add_image,
    delete_image,
    order_images,
    update_image,
)
from tests.accounts.pictures import picture

from .conftest import add, files, make_product, named, places, upload

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_rolled_back_addition_leaves_no_file(product, media):
    with transaction.atomic():
        add(product)
        assert len(files(media)) == 1
        transaction.set_rollback(True)

    assert files(media) == []
    assert not Image.objects.exists()


def test_a_rolled_back_savepoint_takes_its_file_only(product, media):
    with transaction.atomic():
        kept = add(product)
        with transaction.atomic():
            add(product)
            transaction.set_rollback(True)

    assert list(Image.objects.all()) == [kept]
    assert files(media) == named()


def test_an_addition_that_fails_leaves_no_file(product, media, monkeypatch):
    def break_down(*_args, **_kwargs):
        raise RuntimeError("the database is away")

    monkeypatch.setattr(images.image_added, "announce", break_down)
    with pytest.raises(RuntimeError):
        add(product)

    assert files(media) == []
    assert not Image.objects.exists()


def test_a_rolled_back_deletion_leaves_the_file(product, media):
    image = add(product)
    before = files(media)

    with transaction.atomic():
        delete_image(image)
        transaction.set_rollback(True)

    assert files(media) == before == named()


def test_files_go_with_their_rows_however_these_are_deleted(product, media):
    add(product, picture(size=(600, 600)))
    add(product)
    Image.objects.filter(position=1).delete()
    assert files(media) == named() != []

    product.variants.all().delete()
    Product.objects.filter(pk=product.pk).delete()

    assert files(media) == []


def test_a_storage_that_is_away_fails_no_deletion(product, media, monkeypatch, caplog):
    image = add(product)
    storage = image.file.storage

    def away(_name):
        raise OSError("away")

    monkeypatch.setattr(type(storage._wrapped), "delete", lambda _self, name: away(name))
    delete_image(image)

    assert not Image.objects.exists()
    assert len(files(media)) == 1
    assert "cannot be deleted" in caplog.text


def test_pictures_are_put_in_order_all_or_none(product):
    first, second, third = (add(product) for _ in range(3))

    order_images(product, [third.pk, first.pk, second.pk])

    assert places(product) == [(third.pk, 0), (first.pk, 1), (second.pk, 2)]
    product.refresh_from_db()
    assert product.primary_image == third
    for wrong in ([first.pk], [first.pk] * 3, [first.pk, second.pk, third.pk, third.pk], []):
        with pytest.raises(ValidationError):
            order_images(product, wrong)
    assert places(product)[0] == (third.pk, 0)


def test_a_change_touches_nothing_else(product, statements):
    image = add(product, picture(size=(600, 600)), alt="old")
    stale = Image.objects.get(pk=image.pk)
    Image.objects.update(sizes={"thumb": "later.webp"})

    with statements(9):
        changed = update_image(stale, changes={"alt": "new"})

    assert (changed.alt, Image.objects.get().alt) == ("new", "new")
    assert Image.objects.get().sizes == {"thumb": "later.webp"}
    with pytest.raises(TypeError):
        update_image(image, changes={"file": "x"})


def test_what_is_gone_cannot_be_changed(product):
    image = add(product)
    Image.objects.all().delete()

    for change in (
        lambda: update_image(image, changes={"alt": "x"}),
        lambda: delete_image(image),
    ):
        with pytest.raises(Image.DoesNotExist):
            change()


def test_the_same_source_is_kept_once_for_a_product(product, media):
    add(product, source="https://x.example/1.jpg")

    with pytest.raises(ValidationError) as refused:
        add(product, source="https://x.example/1.jpg")

    assert refused.value.error_dict.keys() == {"source"}
    assert files(media) == named()
    add(make_product("Bowl"), source="https://x.example/1.jpg")
    add(product)
    add(product)


def test_the_database_refuses_a_shared_file_and_none(product):
    image = add(product)

    for wrong in (image.file.name, ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            Image.objects.create(product=product, file=wrong, width=1, height=1)


def test_pictures_go_to_a_remote_storage_and_from_it(product, remote):
    image = add(product, picture(size=(600, 600)))
    image.refresh_from_db()
    names = {image.file.name, *image.sizes.values()}
    assert len(names) == 3
    assert all(remote.exists(name) for name in names)

    delete_image(image)

    assert not any(remote.exists(name) for name in names)


def test_a_refusal_costs_no_decoding(product, monkeypatch, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": {"MAX_IMAGES": 1}}
    add(product)
    monkeypatch.setattr(images, "clean_upload", None)

    with pytest.raises(ValidationError):
        add_image(product, file=upload(), data=ImageData())


@pytest.mark.parametrize("transparency", [{}, {"transparency": 40000}])
def test_a_grey_of_sixteen_bits_stays_grey(product, transparency):
    raw = picture("PNG", mode="I;16", colour=128 * 256, **transparency)

    image = add(product, raw)

    with image.file.open() as file, PictureFile.open(file) as kept:
        assert all(abs(part - 128) < 3 for part in kept.convert("RGB").getpixel((5, 5)))
