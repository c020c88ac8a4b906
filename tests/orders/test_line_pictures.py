"""The picture of what was ordered, on any storage."""

import pytest
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from shopkit.catalog.services.images import add_image, delete_image
from shopkit.orders.models import OrderLine
from tests.accounts.pictures import picture

from .conftest import API, fill, place

pytestmark = pytest.mark.django_db(transaction=True)
SIGNATURES = []


class Bucket(InMemoryStorage):
    """Signs each address anew, with more than a column holds."""

    def url(self, name):
        SIGNATURES.append(name)
        return f"https://bucket.example/{name}?signature={len(SIGNATURES)}{'x' * 900}"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def order_of(client, cup):
    add_image(cup.product, file=SimpleUploadedFile("cup.jpg", picture(size=(600, 600))))
    fill(client, (cup, 1))
    return place(client).json()


def test_a_line_shows_the_picture_of_then(as_user, cup):
    order = order_of(as_user, cup)
    then = cup.product.images.get()
    new = SimpleUploadedFile("new.jpg", picture())
    assert order["items"][0]["image"] == then.file.url

    add_image(cup.product, file=new)
    cup.product.images.filter(pk=then.pk).update(position=9)

    shown = as_user.get(f"{API}orders/{order['number']}/").json()
    assert shown["items"][0]["image"] == then.file.url


def test_a_picture_that_was_deleted_is_no_dead_address(as_user, cup):
    number = order_of(as_user, cup)["number"]
    delete_image(cup.product.images.get())

    one = as_user.get(f"{API}orders/{number}/").json()
    [listed] = as_user.get(f"{API}orders/").json()["results"]

    assert [order["items"][0]["image"] for order in (one, listed)] == [None, None]


def test_an_address_that_is_signed_is_signed_when_it_is_shown(as_user, cup, settings):
    bucket = {"BACKEND": f"{__name__}.Bucket"}
    settings.STORAGES = {**settings.STORAGES, "default": bucket}

    placed = order_of(as_user, cup)

    shown = as_user.get(f"{API}orders/{placed['number']}/").json()
    urls = [one["items"][0]["image"] for one in (placed, shown)]
    assert all(
        len(url) > 900 and url.startswith("https://bucket.example/products/") for url in urls
    )
    assert urls[0] != urls[1]


@pytest.mark.parametrize("kept", ["/media/products/cup.webp", "https://cdn.example/cup.webp"])
def test_an_order_of_before_keeps_its_address(as_user, cup, kept):
    fill(as_user, (cup, 1))
    number = place(as_user).json()["number"]
    OrderLine.objects.update(image=kept)

    assert as_user.get(f"{API}orders/{number}/").json()["items"][0]["image"] == kept


def test_a_line_without_a_picture_has_none(as_user, cup):
    fill(as_user, (cup, 1))

    assert place(as_user).json()["items"][0]["image"] is None
