"""Many writers of the tree at once, with real commits."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection

from shopkit.catalog.errors import CategoryNotEmpty
from shopkit.catalog.models import Category
from shopkit.catalog.services.tree import (
    check_tree,
    create_category,
    delete_category,
    rebuild_tree,
    update_category,
)

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

THREADS, EACH = 8, 10


def at_once(work: Callable[[int], None]) -> None:
    """Run ``work(number)`` in all threads and raise what any of them raised."""

    def run(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, range(THREADS)))


def test_inserts_at_once_leave_a_sound_tree():
    top = create_category(name="Top")

    def insert(number: int) -> None:
        for turn in range(EACH):
            create_category(name=f"{turn}/{number}", parent=top if number % 2 else None)

    at_once(insert)

    assert Category.objects.count() == THREADS * EACH + 1
    assert Category.objects.get(pk=top.pk).get_descendant_count() == THREADS * EACH // 2
    assert check_tree() == []


def test_without_the_service_the_same_corrupts_and_rebuilding_mends_it():
    top = create_category(name="Top")

    def insert_naively(number: int) -> None:
        for turn in range(EACH):
            try:
                Category.objects.create(
                    name=f"{turn}/{number}",
                    slug=f"s-{attempt}-{turn}-{number}",
                    parent=Category.objects.get(pk=top.pk),
                )
            except OperationalError:  # a deadlock is a failure of the naive form too
                continue

    attempt, problems = 0, check_tree()
    while not problems and attempt < 5:
        attempt += 1
        at_once(insert_naively)
        problems = check_tree()

    assert len(problems) > 0
    assert rebuild_tree() == len(problems)
    assert check_tree() == []


def test_moves_and_deletes_and_inserts_at_once_leave_a_sound_tree():
    tops = [create_category(name=f"Top {number}") for number in range(3)]
    shared = [create_category(name=f"Shared {number}", parent=tops[0]) for number in range(20)]

    def work(number: int) -> None:
        chance = random.Random(number)
        for turn in range(EACH):
            # Each of these may come too late, and then says so.
            with suppress(ValidationError):
                create_category(name=f"{turn}/{number}", parent=chance.choice(shared))
            with suppress(ValidationError, Category.DoesNotExist):
                target = chance.choice([*tops, *shared, None])
                update_category(chance.choice(shared), changes={"parent": target})
            with suppress(CategoryNotEmpty, Category.DoesNotExist):
                delete_category(chance.choice(shared))

    at_once(work)

    assert Category.objects.filter(pk__in=[top.pk for top in tops]).count() == 3
    assert Category.objects.count() > 3
    assert check_tree() == []
