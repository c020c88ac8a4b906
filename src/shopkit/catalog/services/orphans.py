"""Files of pictures that no row names: left behind by a crash, a storage that was away, a rollback.

Only what bears a name that we give is looked at, so that a site may keep files of its own in the
same folder; and only what is a day old, so that no upload under way loses its file.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.files.storage import Storage
from django.utils import timezone

from shopkit.catalog.models import Image
from shopkit.core.files import delete_files

logger = logging.getLogger("shopkit.catalog")

FOLDER = "products"
FOLDERS = re.compile(r"[0-9a-f]{2}")
# A storage may add seven characters of its own to a name, of the picture and of a size.
OURS = re.compile(
    r"(?P<own>[0-9a-f]{32}(?:_[A-Za-z0-9]{7})?)"
    r"(?:-\d{2,4}-[0-9a-f]{16}(?:_[A-Za-z0-9]{7})?)?\.webp"
)
AGE = timedelta(days=1)
BATCH = 500


def forget_orphans() -> int:
    """Delete the files that no row names; return how many."""
    return sum(1 for _name in find_orphans(then=delete_orphan))


def find_orphans(*, then: Callable[[Storage, str], bool] = lambda _s, _n: True) -> Iterator[str]:
    """Yield the names of files that are a day old and that no row names, folder by folder.

    No more than the names of one folder, of 256, are in memory. A storage that cannot list its
    files, or does not know their age, has none that can be told to be orphans.

    then -- called with each; only those are yielded for which it says yes
    """
    storage = Image._meta.get_field("file").storage
    before = timezone.now() - AGE
    for folder in _folders(storage):
        names = (f"{folder}/{name}" for name in _listed(storage, folder)[1] if OURS.fullmatch(name))
        while batch := list(islice(names, BATCH)):
            for name in _unnamed(batch):
                if _is_older(storage, name, before) and then(storage, name):
                    yield name


def _folders(storage: Storage) -> list[str]:
    folders, _files = _listed(storage, FOLDER)
    return [f"{FOLDER}/{one}" for one in sorted(folders) if FOLDERS.fullmatch(one)]


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:  # no picture has ever been kept
        return [], []
    except NotImplementedError:
        logger.warning("The storage of pictures cannot list its files; orphans stay.")
        return [], []


def _unnamed(names: Sequence[str]) -> list[str]:
    """Return those that no row names; one statement."""
    owners = {_owner_of(name) for name in names}
    named: set[Any] = set()
    for file, sizes in Image.objects.filter(file__in=owners).values_list("file", "sizes"):
        named |= {file, *sizes.values()}
    return [name for name in names if name not in named]


def _owner_of(name: str) -> str:
    """Return what the picture is called whose own, or whose size's, name this is."""
    folder, _slash, file = name.rpartition("/")
    found = OURS.fullmatch(file)
    return f"{folder}/{found['own']}.webp" if found else name


def _is_older(storage: Storage, name: str, before: datetime) -> bool:
    try:
        changed = storage.get_modified_time(name)
    except (FileNotFoundError, NotImplementedError):
        return False
    # Without USE_TZ a storage answers in the site's own time.
    return (timezone.make_aware(changed) if timezone.is_naive(changed) else changed) < before


def delete_orphan(storage: Storage, name: str) -> bool:
    """Delete a file; say whether it is gone."""
    delete_files(storage, [name])
    return not storage.exists(name)
