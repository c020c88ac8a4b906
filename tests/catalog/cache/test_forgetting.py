"""What makes the memory old, and what happens when many find it so at once."""

import time
from collections import Counter

import pytest
from django.core.cache import caches
from django.db import connection, transaction

from shopkit.catalog.api.remembering import PATIENCE, Memory, whole_answer
from shopkit.catalog.freshness import PRODUCTS, TREE, catalog_changed, token_key
from shopkit.catalog.models import Category, Product
from shopkit.core.quiet_cache import QuietCache
from tests.threads import at_once

from .conftest import turn


def tokens():
    return {subject: caches["shelf"].get(token_key(subject)) for subject in (PRODUCTS, TREE)}


def memory(key="question"):
    return Memory(QuietCache("shelf"), PRODUCTS, key)


def answer(text):
    return whole_answer(text.encode(), "text/plain")


def said(found):
    return found and found.pieces[0].decode()


# Changes.


def test_a_reader_that_began_before_a_write_leaves_nothing_old(remembering):
    def build():
        catalog_changed()  # a writer commits while we read
        return answer("old")

    assert said(memory().recall(build)) == "old"
    assert memory().look() is None


class ReadsTheTokenLate(Memory):
    """The naive form: what was read before a write is kept as what was read after it."""

    def _keep(self, answer):
        self.look()
        return super()._keep(answer)


def test_the_token_read_late_would_keep_the_old(remembering):
    def build():
        catalog_changed()
        return answer("old")

    ReadsTheTokenLate(QuietCache("shelf"), PRODUCTS, "question").recall(build)

    assert said(memory().look()) == "old"


def test_a_token_that_was_lost_comes_back_as_another_one(remembering):
    memory().recall(lambda: answer("old"))
    before = tokens()[PRODUCTS]
    remembering.delete(token_key(PRODUCTS))

    assert memory().look() is None
    assert tokens()[PRODUCTS] not in {None, before}


def test_what_is_not_committed_is_neither_remembered_nor_hidden(shirt, ask):
    before = ask("products/").body
    kept = tokens()
    with transaction.atomic():
        Product.objects.update(name="Draft")
        assert b"Draft" in ask("products/").body
        transaction.set_rollback(True)

    assert tokens() == kept
    assert ask("products/").body == before
    assert ask("products/").statements == 0


def test_many_changes_in_one_transaction_are_one_renewal(shirt):
    with transaction.atomic():
        for number in range(20):
            Product.objects.update(popularity=number)
            shirt.variants.update(weight=number)
        renewals = [call for _, call, _ in connection.run_on_commit]

    assert len(renewals) == 1


def test_a_product_leaves_the_tree_alone(shirt):
    before = tokens()
    Product.objects.update(rating_avg=100)
    after = tokens()

    assert after[TREE] == before[TREE]
    assert after[PRODUCTS] != before[PRODUCTS]


def test_an_update_of_no_row_changes_nothing(shirt):
    before = tokens()
    Category.objects.filter(slug="none").update(name="x")

    assert tokens() == before


def test_a_renewal_that_got_lost_is_made_up_for_by_age(shirt, ask, settings):
    turn(settings, CACHE_SECONDS=1)
    ask("products/")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shopkit_catalog_product SET name = 'Unnoticed'")
    time.sleep(1.1)

    assert b"Unnoticed" in ask("products/").body


# Many at once.


class BuildsWithoutALock(Memory):
    """The naive form: whoever finds nothing works it out."""

    def _is_mine_to_build(self):
        return True


@pytest.mark.parametrize(("kind", "most"), [(Memory, 1), (BuildsWithoutALock, 20)])
def test_of_many_that_find_nothing_one_works_it_out(remembering, monkeypatch, kind, most):
    monkeypatch.setattr("shopkit.catalog.api.remembering.PATIENCE", 30)  # a busy machine
    built = Counter()

    def build():
        built["times"] += 1
        time.sleep(0.05)
        return answer("new")

    catalog_changed()
    asks = [lambda: said(kind(QuietCache("shelf"), PRODUCTS, "question").recall(build))] * 20

    assert at_once(asks) == ["new"] * 20
    assert built["times"] == most if most == 1 else built["times"] > 1


def test_an_aging_answer_is_renewed_by_one_and_served_to_the_others(remembering, monkeypatch):
    monkeypatch.setattr("shopkit.catalog.api.remembering.EARLY", 0)
    memory().recall(lambda: answer("first"))
    meanwhile = []

    def build():
        meanwhile.append(said(memory().recall(lambda: answer("nobody asks me"))))
        return answer("second")

    assert said(memory().recall(build)) == "second"
    assert meanwhile == ["first"]


def test_nobody_waits_long_for_a_builder_that_died(remembering):
    dead = memory()
    dead.look()
    dead._is_mine_to_build()
    began = time.monotonic()

    assert memory().recall(lambda: answer("new")) is None
    assert PATIENCE <= time.monotonic() - began < 2


def test_a_builder_that_fails_lets_the_next_one_build(remembering):
    with pytest.raises(ZeroDivisionError):
        memory().recall(lambda: 1 / 0)

    assert said(memory().recall(lambda: answer("new"))) == "new"


def test_nobody_waits_for_a_builder_that_ended_without_an_answer(remembering, monkeypatch):
    """What is not there is not kept; many who ask for it at once would wait for nothing."""
    monkeypatch.setattr("shopkit.catalog.api.remembering.PATIENCE", 4)
    began = time.monotonic()

    def build():
        time.sleep(0.05)
        raise LookupError

    outcomes = at_once([lambda: memory().recall(build)] * 10)

    assert {type(one) for one in outcomes} == {LookupError, type(None)}
    assert time.monotonic() - began < 3


def test_who_waits_while_it_changes_again_is_not_alone_either(remembering):
    """The lock belongs to a token; under a new one somebody else works it out."""
    first = memory()
    first.look()
    first._is_mine_to_build()
    naps = []

    def change(_seconds):
        naps.append(catalog_changed())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shopkit.catalog.api.remembering.time.sleep", change)
        assert said(memory().recall(lambda: answer("new"))) == "new"

    assert len(naps) == 1
    assert said(memory().look()) == "new"
