"""The register of probes, the comparison of sums, and the run."""

import logging
from functools import partial

import pytest
from django.db import connection
from django.db.models import F

from shopkit.catalog.models import Product, Variant
from shopkit.catalog.testing import make_product, make_variant
from shopkit.core.doctor import (
    PROBES,
    Finding,
    UnknownProbe,
    check,
    check_and_mend,
    chosen,
    differences,
    examine,
    probe,
)
from shopkit.core.testing import assert_books_balance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_register(monkeypatch):
    """Probes made in a test are forgotten after it."""
    monkeypatch.setattr("shopkit.core.doctor.register.PROBES", registered := dict(PROBES))
    return registered


def make_probe(find, name="shop.loyalty"):
    find.__doc__ = find.__doc__ or "Points are the sum of entries."
    probe(name, remedy="Count again.")(find)
    [made] = chosen([name])
    return made


def test_a_site_may_add_a_probe():
    @probe("shop.loyalty", remedy="Count again.")
    def points():
        """Points are the
        sum of entries.

        And this is about how it is found.
        """
        yield Finding("customer 5", "shows 3 points, earned 2")

    [made] = chosen(["shop"])
    assert (made.name, made.app) == ("shop.loyalty", "shop")
    assert made.proves == "Points are the sum of entries."
    assert [one.message for one in examine(made)] == ["shows 3 points, earned 2"]
    with pytest.raises(AssertionError, match=r"shop\.loyalty: customer 5: shows 3 points"):
        assert_books_balance()


@pytest.mark.parametrize("name", ["loyalty", "Shop.loyalty", "shop.", "shop.a.b", "shop.a-b", ""])
def test_a_name_has_an_app_and_a_subject(name):
    with pytest.raises(ValueError, match=r"app\.subject"):
        probe(name, remedy="")


def test_a_probe_must_say_what_it_proves(own_register):
    def silent():
        yield Finding("customer 5", "is wrong")

    with pytest.raises(ValueError, match="docstring"):
        probe("shop.loyalty", remedy="")(silent)
    assert "shop.loyalty" not in own_register


def test_probes_are_chosen_by_app_or_name_each_once():
    names = [one.name for one in chosen(["payments.status", "payments", "core.settings"])]

    assert names[0] == "payments.status"
    assert names[-1] == "core.settings"
    assert len(names) == len(set(names)) == 7
    assert [one.name for one in chosen()] == list(PROBES)


@pytest.mark.parametrize("name", ["shop", "payment", "orders.totals", "*"])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(UnknownProbe, match="There is no probe"):
        chosen(["orders", name])


def test_a_probe_that_breaks_off_is_an_error_and_the_others_go_on(caplog):
    def broken():
        yield Finding("customer 5", "is wrong")
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM there_is_no_such_table")

    with caplog.at_level(logging.ERROR, "shopkit.doctor"):
        result = check(make_probe(broken))

    assert [one.subject for one in result.shown] == ["customer 5", "the probe itself"]
    assert "there_is_no_such_table" in result.shown[1].message
    assert result.errors == 2
    assert "Traceback" in caplog.text
    assert not check(PROBES["catalog.variants"]).found


def test_memory_does_not_grow_with_findings():
    def many():
        for number in range(5000):
            yield Finding(f"customer {number}", "is wrong", is_warning=number % 2 == 0)

    result = check(make_probe(many), keep=3)

    assert [one.subject for one in result.shown] == ["customer 0", "customer 1", "customer 2"]
    assert (result.errors, result.warnings) == (2500, 2500)


def test_a_fix_that_several_findings_share_runs_once_and_is_looked_at_again():
    product = make_product()
    Product.objects.update(popularity=3)
    runs = []

    def mend():
        runs.append(1)
        Product.objects.update(popularity=0)

    def wrong():
        for one in Product.objects.filter(popularity__gt=0):
            for number in range(one.popularity):
                yield Finding(f"product {one.pk}", f"is {number}", fix=mend)

    result = check_and_mend(make_probe(wrong))

    assert (len(runs), result.found, result.fixed) == (1, 0, 3)
    product.refresh_from_db()
    assert product.popularity == 0


def test_more_fixes_than_are_kept_in_mind_come_with_the_next_look(monkeypatch):
    monkeypatch.setattr("shopkit.core.doctor.examining.FIXES", 2)
    for _ in range(5):
        make_product()
    Product.objects.update(popularity=1)

    def mend(pk):
        Product.objects.filter(pk=pk).update(popularity=0)

    def wrong():
        for one in Product.objects.filter(popularity=1):
            yield Finding(f"product {one.pk}", "is popular", fix=partial(mend, one.pk))

    result = check_and_mend(make_probe(wrong))

    assert (result.found, result.fixed) == (0, 5)


def test_a_fix_that_fails_leaves_its_finding_and_no_trace(caplog):
    make_product()
    Product.objects.update(popularity=1)

    def mend():
        Product.objects.update(popularity=0)
        raise RuntimeError("on purpose")

    def wrong():
        for one in Product.objects.filter(popularity=1):
            yield Finding(f"product {one.pk}", "is popular", fix=mend)

    result = check_and_mend(make_probe(wrong))

    assert (result.found, result.fixed) == (1, 0)
    assert Product.objects.get().popularity == 1
    assert "on purpose" in caplog.text


def test_sums_are_compared_key_by_key():
    first, second, third = (make_variant(price=price) for price in (100, 200, 300))
    Variant.objects.filter(pk=second.pk).update(weight=5)
    Variant.objects.filter(pk=third.pk).update(weight=3_000_000)
    left = Variant.objects.exclude(pk=first.pk).values(key=F("pk"), tally=F("price"))
    right = Variant.objects.exclude(pk=third.pk).values(key=F("pk"), tally=F("price") + F("weight"))

    assert list(differences(left, right)) == [
        (first.pk, 0, 1_000_000),
        (second.pk, 2_000_000, 2_000_005),
        (third.pk, 3_000_000, 0),
    ]
    assert list(differences(left, left)) == []


def test_one_statement_compares_whole_tables(statements):
    for _ in range(20):
        make_variant()
    rows = Variant.objects.values("product_id", "sku", tally=F("price"))
    with statements(1):
        assert list(differences(rows, rows, keys=("product_id", "sku"))) == []
