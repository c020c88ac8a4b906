"""Files stay only if their row does."""

import gc

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.db import transaction

from shopkit.core.files import delete_after_commit, delete_files, stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def storage():
    return InMemoryStorage()


def save(storage, name="a.txt"):
    with stored(storage, name, ContentFile(b"x")) as saved:
        return saved


def test_a_file_stays_without_a_transaction(storage):
    name = save(storage)
    gc.collect()

    assert storage.exists(name)


def test_a_file_goes_when_the_block_fails(storage):
    with pytest.raises(ZeroDivisionError), stored(storage, "a.txt", ContentFile(b"x")):
        raise ZeroDivisionError

    assert not storage.exists("a.txt")


def test_a_committed_file_stays(storage):
    with transaction.atomic():
        name = save(storage)
        with transaction.atomic():
            other = save(storage)
    gc.collect()

    assert storage.exists(name)
    assert storage.exists(other)


@transaction.atomic
def save_and_fail(storage, name="a.txt"):
    save(storage, name)
    raise ZeroDivisionError


@pytest.mark.parametrize("way", ["rolled back", "failed"])
def test_a_file_goes_with_the_transaction_around_it(storage, way):
    if way == "rolled back":
        with transaction.atomic():
            save(storage)
            transaction.set_rollback(True)
    else:
        with pytest.raises(ZeroDivisionError):
            save_and_fail(storage)

    assert not storage.exists("a.txt")


def test_a_savepoint_takes_its_own_file_only(storage):
    with transaction.atomic():
        save(storage, "kept.txt")
        with pytest.raises(ZeroDivisionError):
            save_and_fail(storage, "lost.txt")
        assert not storage.exists("lost.txt")

    assert storage.exists("kept.txt")


def test_a_deletion_waits_for_the_commit(storage):
    name = save(storage)
    with transaction.atomic():
        delete_after_commit(storage, [name])
        assert storage.exists(name)
        transaction.set_rollback(True)
    assert storage.exists(name)

    delete_after_commit(storage, [name])

    assert not storage.exists(name)


def test_a_storage_that_is_away_is_logged(storage, monkeypatch, caplog):
    def away(_name):
        raise OSError("away")

    monkeypatch.setattr(storage, "delete", away)

    delete_files(storage, ["a.txt", "b.txt"])

    assert [record.args for record in caplog.records] == [("a.txt",), ("b.txt",)]
