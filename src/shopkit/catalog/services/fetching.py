"""Pictures from addresses that a file names."""

from django.core.files.base import ContentFile

from shopkit.catalog.conf import catalog_settings
from shopkit.core.fetch import fetch
from shopkit.core.images import LARGEST_FILE

from .images import clean_upload


def fetch_image(url: str, *, timeout: float = 10) -> "ContentFile[bytes]":
    """Return the picture at ``url`` as ``keep_image`` takes it.

    Only from the open internet, or a host of ``PRIVATE_IMAGE_HOSTS``; what the other side says of
    its type proves nothing. Call it in no transaction.

    timeout -- seconds

    Raises Unreachable or NotFetched as ``shopkit.core.fetch.fetch`` does; ValidationError as
    ``clean_image`` does.
    """
    hosts = catalog_settings().PRIVATE_IMAGE_HOSTS
    body = fetch(url, largest=LARGEST_FILE, timeout=timeout, private_hosts=hosts)
    return clean_upload(ContentFile(body, name="fetched"))
