"""Files that no row names go after a day; nobody else's, and none of an upload under way."""

import os
import time
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from shopkit.catalog.models import Image
from shopkit.catalog.services import orphans
from shopkit.catalog.services.orphans import AGE, find_orphans, forget_orphans
from tests.accounts.pictures import picture

from .conftest import add, files, named, use_storage

pytestmark = pytest.mark.django_db(transaction=True)
OWN = "products/ab/" + "ab" * 16


def put(media, name, *, is_old=True):
    path = media / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    if is_old:
        age(path)
    return name


def age(path):
    long_ago = time.time() - AGE.total_seconds() - 60
    os.utime(path, (long_ago, long_ago))


def test_old_files_without_a_row_go_and_named_ones_stay(product, media):
    add(product, picture(size=(600, 600)))
    kept = files(media)
    for name in kept:
        age(media / name)
    for name in (f"{OWN}.webp", f"{OWN}-160-{'0' * 16}.webp", f"{OWN}_aB3dE5g.webp"):
        put(media, name)

    assert forget_orphans() == 3

    assert files(media) == kept == named()
    assert forget_orphans() == 0


def test_a_size_that_no_row_names_goes_though_its_picture_is_kept(product, media):
    image = add(product, picture(size=(600, 600)))
    stray = put(media, f"{image.file.name.removesuffix('.webp')}-160-{'f' * 16}.webp")

    assert list(find_orphans()) == [stray]


def test_a_storage_s_own_letters_in_a_name_hide_no_owner(product, media):
    image = add(product)
    renamed = image.file.name.replace(".webp", "_aB3dE5g.webp")
    (media / image.file.name).rename(media / renamed)
    size = put(media, renamed.replace(".webp", f"-160-{'0' * 16}_zzzzzzz.webp"))
    Image.objects.update(file=renamed, sizes={"thumb": size})
    age(media / renamed)

    assert list(find_orphans()) == []


def test_what_is_young_or_not_ours_stays(media, db):
    put(media, f"{OWN}.webp", is_old=False)
    for name in (
        "products/cup.webp",
        "products/ab/cup.webp",
        f"products/{'ab' * 16}.webp",
        f"{OWN}.png",
        f"{OWN}-1-x.webp",
        f"products/abc/{'ab' * 16}.webp",
        f"other/ab/{'ab' * 16}.webp",
    ):
        put(media, name)
    before = files(media)

    assert forget_orphans() == 0
    assert files(media) == before


def test_a_shop_without_pictures_has_no_orphans(media, db):
    assert forget_orphans() == 0


def test_the_command_rehearses_and_deletes(media, db):
    name = put(media, f"{OWN}.webp")

    def said(*options):
        out = StringIO()
        call_command("shopkit_forget_orphans", *options, stdout=out)
        return out.getvalue().splitlines()

    assert said("--dry-run") == [
        name,
        "1 files that no picture needs (dry run: nothing has been deleted)",
    ]
    assert files(media) == [name]
    assert said() == [name, "1 files that no picture needs"]
    assert files(media) == []


def test_the_number_of_statements_is_that_of_batches_in_folders(media, db, statements, monkeypatch):
    monkeypatch.setattr(orphans, "BATCH", 4)
    for number in range(10):
        put(media, f"products/ab/{'ab' * 15}{number:02x}.webp")

    with statements(3):
        assert forget_orphans() == 10


def test_a_remote_storage_is_cleaned_too(product, remote, monkeypatch):
    add(product)
    stray = remote.save(f"{OWN}.webp", ContentFile(b"x"))
    assert forget_orphans() == 0  # it is young

    later = timezone.now() + 2 * AGE
    monkeypatch.setattr(orphans.timezone, "now", lambda: later)

    assert list(find_orphans()) == [stray]
    assert forget_orphans() == 1
    assert not remote.exists(stray)
    assert remote.exists(Image.objects.get().file.name)


def test_a_storage_that_cannot_tell_keeps_all(settings, db, caplog):
    use_storage(settings, "django.core.files.storage.Storage")

    assert forget_orphans() == 0
    assert "cannot list" in caplog.text


def test_a_file_that_goes_meanwhile_is_no_failure(media, db, monkeypatch):
    name = put(media, f"{OWN}.webp")
    unnamed = orphans._unnamed

    def late(names):
        (media / name).unlink()
        return unnamed(names)

    monkeypatch.setattr(orphans, "_unnamed", late)

    assert forget_orphans() == 0
