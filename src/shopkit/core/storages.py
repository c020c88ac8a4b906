"""Addresses of stored files."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urljoin

from django.core.files.storage import FileSystemStorage, Storage
from django.utils.encoding import filepath_to_uri


def url_maker(storage: Storage) -> Callable[[str], str]:
    """Return what makes a URL of a file's name, as ``storage.url`` does.

    The address of a file in a folder depends on nothing but names, so it is worked out once. Any
    other storage is asked each time: it may sign its addresses.
    """
    base = getattr(storage, "base_url", None)
    kind = type(getattr(storage, "_wrapped", storage))  # default_storage is lazy
    if getattr(kind, "url", None) is not FileSystemStorage.url or base is None:
        return storage.url
    return lambda name: _joined(base, name)


@lru_cache(maxsize=10_000)
def _joined(base: str, name: str) -> str:
    return urljoin(base, (filepath_to_uri(name) or "").lstrip("/"))
