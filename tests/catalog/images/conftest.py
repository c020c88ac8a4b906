"""A product, staff who send pictures, and storages to keep them in."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.storage import InMemoryStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture

from shopkit.catalog.models import Image
from shopkit.catalog.services.images import ImageData, add_image
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from tests.accounts.pictures import picture

API = "/api/v1/"


class RemoteStorage(InMemoryStorage):
    """As a bucket is: it knows no paths, signs its addresses and writes over what is there."""

    def url(self, name):
        return f"https://bucket.example/{name}?signature=1"

    def get_available_name(self, name, max_length=None):
        return name


def use_storage(settings, kind):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": kind}}
    return Image._meta.get_field("file").storage


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def remote(settings):
    return use_storage(settings, f"{__name__}.RemoteStorage")


@pytest.fixture
def product(db):
    return make_product()


def make_product(name="Cup"):
    variant = VariantData(price=Decimal(100), sku=name)
    return create_product(ProductData(name=name, variants=[variant]))


def upload(raw=None, name="me.jpg"):
    return SimpleUploadedFile(name, picture() if raw is None else raw, content_type="image/jpeg")


def add(product, raw=None, **data):
    return add_image(product, file=upload(raw), data=ImageData(**data))


def files(media):
    return sorted(path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file())


def opened(path):
    return Picture.open(BytesIO(path.read_bytes()))


def named():
    """All names that rows have."""
    rows = Image.objects.all()
    return sorted({name for one in rows for name in (one.file.name, *one.sizes.values())})


def places(product):
    return list(product.images.order_by("position").values_list("pk", "position"))
