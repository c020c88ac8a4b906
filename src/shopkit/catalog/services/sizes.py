"""The smaller pictures that are made of every one, after the request that brought it.

Files come first and the row says last which of them are its own. Who finds that another one was
quicker, or that the picture is gone, takes his files away again.
"""

import hashlib
import json
import logging
import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet

from shopkit.catalog.conf import catalog_settings
from shopkit.catalog.models import Image
from shopkit.core.files import delete_after_commit, delete_files
from shopkit.core.images import smaller_images

logger = logging.getLogger("shopkit.catalog")

BATCH = 200
# How the file of a size is called beside the picture's own, and how one is known. The random part
# lets nobody take a file away that somebody else has just written.
SIZE_OF = re.compile(r"-\d{2,4}-[0-9a-f]{16}$")


def sizes_key() -> str:
    """Return what tells today's setting of sizes from every other one."""
    setting = json.dumps(catalog_settings().IMAGE_SIZES, sort_keys=True)
    return hashlib.sha256(setting.encode()).hexdigest()[:32]


def unsized_images() -> QuerySet[Image]:
    """Return the pictures that lack sizes which the setting asks for, or have other ones."""
    return Image.objects.exclude(sized_for=sizes_key())


def make_sizes(image_id: int) -> bool:
    """Make the sizes of one picture; say whether there was anything to do.

    Safe to run twice, and twice at once. Call it in no transaction: it reads and writes files.

    Raises what the storage raises, and ValueError for a file that is no picture.
    """
    image = Image.objects.filter(pk=image_id).first()
    key = sizes_key()
    if image is None or image.sized_for == key:
        return False
    made: list[str] = []
    try:
        sizes = _written(image, made)
        ours = Image.objects.filter(pk=image.pk, file=image.file.name, sized_for=image.sized_for)
        is_ours = bool(ours.update(sizes=sizes, sized_for=key))
    except BaseException as error:
        delete_files(image.file.storage, made)
        if isinstance(error, Exception) and not Image.objects.filter(pk=image.pk).exists():
            return False  # deleted meanwhile, and its file with it
        raise
    old = set(image.sizes.values()) - {image.file.name}
    # Addresses that a cache or a page still has go dead; so a cache is told before.
    delete_after_commit(image.file.storage, sorted(old) if is_ours else made)
    return is_ours


def make_missing_sizes(
    *, watch: Callable[[int, str], None] = lambda _pk, _failure: None
) -> tuple[int, int]:
    """Make the sizes of all pictures that lack some; return how many worked and how many failed.

    One that fails stops no other, and is tried again by the next run.

    watch -- called after each with its key and, where it failed, the reason
    """
    done = failed = 0
    for pk in _keys(unsized_images()):
        try:
            done += make_sizes(pk)
        except Exception as error:
            failed += 1
            logger.exception("The sizes of image %s cannot be made.", pk)
            watch(pk, f"{type(error).__name__}: {error}")
        else:
            watch(pk, "")
    return done, failed


def _keys(rows: QuerySet[Any]) -> Iterator[int]:
    """Yield keys in batches, each picked once, while what is done leaves the rows."""
    last = 0
    while batch := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield from batch
        last = batch[-1]


def _written(image: Image, made: list[str]) -> dict[str, str]:
    """Write the files of ``image`` and return its sizes; the names go to ``made`` as they come."""
    storage, own = image.file.storage, str(image.file.name)
    wanted = catalog_settings().IMAGE_SIZES
    files: dict[int, str] = {}
    with storage.open(own, "rb") as file:
        for side, picture in smaller_images(file, longest_sides=set(wanted.values())):
            name = f"{own.rpartition('.')[0]}-{side}-{secrets.token_hex(8)}.webp"
            files[side] = storage.save(name, picture)
            made.append(files[side])
    # Never larger than it is: it stands for itself then.
    return {name: files.get(side, own) for name, side in wanted.items()}
