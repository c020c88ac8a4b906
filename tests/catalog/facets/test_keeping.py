"""What a process remembers of the catalogue is true before every count, whoever writes and how."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from shopkit.catalog import triggers
from shopkit.catalog.models import (
    Attribute,
    FacetChange,
    Listing,
    Product,
    Variant,
    VariantAttributeValue,
)
from shopkit.catalog.services.facets import Choice, keeping, purge_changes, read_facets
from shopkit.catalog.services.facets.index import FacetIndex
from shopkit.catalog.services.facets.reading import read_groups
from shopkit.catalog.testing import make_attribute, make_category, make_product, make_variant
from shopkit.core.doctor import check, chosen
from tests.threads import at_once, kinds

from .shop import change_something, make_shop

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class ByNumber:
    """The naive form: whoever has read change 7 need not look at what comes before."""

    def __init__(self):
        self.index, self.last = FacetIndex.of(read_groups("default")), self.newest()

    def newest(self):
        return FacetChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def __call__(self):
        changes = FacetChange.objects.filter(pk__gt=self.last)
        products = set(changes.values_list("product_key", flat=True))
        self.last = self.newest()
        self.index = self.index.changed(products, read_groups("default", products))
        return self.index


def kept():
    return keeping.current_index


def on_a_standby():
    """A standby tells nothing of what is under way; the conservative answer must do as well."""
    return keeping.current_index


@contextmanager
def under_way(change):
    """Leave ``change`` uncommitted while the block runs; commit it at the end."""
    made, may_commit = threading.Event(), threading.Event()

    def write():
        try:
            with transaction.atomic():
                change()
                made.set()
                assert may_commit.wait(30)
        finally:
            connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    assert made.wait(30)
    yield
    may_commit.set()
    thread.join(30)


def in_stock(index):
    return index.bits(("in_stock", 0)).bit_count()


def sell_out(product):
    Product.objects.filter(pk=product.pk).update(in_stock=False)


@pytest.fixture
def three():
    products = [make_variant().product for _ in range(3)]
    Product.objects.update(in_stock=True)
    return products


@pytest.mark.race
@pytest.mark.parametrize(
    ("keeper", "is_right"), [(kept, True), (on_a_standby, True), (ByNumber, False)]
)
def test_a_change_that_is_committed_after_a_later_one_was_read_is_seen(
    three, monkeypatch, keeper, is_right
):
    if keeper is on_a_standby:
        monkeypatch.setattr(keeping, "LOOK", keeping.LOOK.replace("pg_is_in_recovery()", "true"))
        keeping._kept.clear()
    look = keeper()
    assert in_stock(look()) == 3

    with under_way(lambda: sell_out(three[0])):
        sell_out(three[1])
        assert in_stock(look()) == 2

    assert (in_stock(look()) == 1) is is_right
    keeping._kept.clear()


@pytest.mark.race
def test_what_is_rolled_back_was_never_seen(three):
    def change_and_fail():
        with transaction.atomic():
            sell_out(three[0])
            keeping.current_index()
            raise ZeroDivisionError

    keeping.current_index()
    with pytest.raises(ZeroDivisionError):
        change_and_fail()

    assert in_stock(keeping.current_index()) == 3


@pytest.mark.race
def test_writers_and_readers_at_once_end_in_the_truth():
    dice = make_shop(5, products=12)
    keeping.current_index()

    def write():
        for _ in range(4):
            change_something(dice)

    def read():
        for _ in range(10):
            read_facets(Choice())

    outcomes = at_once([write, read] * 4)

    assert kinds(outcomes) == {"ok": 8}
    assert told(keeping.current_index()) == told(FacetIndex.of(read_groups("default")))


def told(index):
    """Return what an index says of every subject, in counts; places may differ."""
    visible = index.selection(index.visible)
    counts = {subject: visible.count(one) for subject, one in index.sets.items()}
    return {subject: count for subject, count in counts.items() if count}


def test_nothing_new_costs_one_statement_and_a_change_one_more(three, django_assert_num_queries):
    keeping.current_index()
    with django_assert_num_queries(1):
        keeping.current_index()

    sell_out(three[0])

    with django_assert_num_queries(2):
        assert in_stock(keeping.current_index()) == 2
    with django_assert_num_queries(1):
        keeping.current_index()


def test_a_whole_list_with_facets_takes_four_statements_and_five_after_a_change(
    client, three, django_assert_num_queries
):
    colour = make_attribute(code="colour", values=["Red"])
    three[1].attribute_values.create(attribute=colour, value=colour.values.get())
    url = "/api/v1/products/?facets=1&page_size=2"
    client.get(url)
    for change, number in ((lambda: None, 4), (lambda: sell_out(three[0]), 5)):
        change()
        with django_assert_num_queries(number):
            answer = APIClient().get(url)

    assert answer.json()["count"] == 3
    assert answer.json()["facets"]["in_stock"] == {"true": 2, "false": 1}


def by_hand(sql):
    def write():
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return write


@pytest.mark.parametrize(
    "write",
    [
        by_hand("UPDATE shopkit_catalog_product SET on_sale = price_min < 20000000"),
        by_hand("UPDATE shopkit_catalog_product SET is_active = false"),
        by_hand("UPDATE shopkit_catalog_product SET price_max = 9000000, price_min = 8000000"),
        by_hand("UPDATE shopkit_catalog_product SET rating_avg = 450"),
        by_hand("UPDATE shopkit_catalog_variant SET is_active = false"),
        by_hand("DELETE FROM shopkit_catalog_listing"),
        by_hand("DELETE FROM shopkit_catalog_variantattributevalue"),
        by_hand(
            "UPDATE shopkit_catalog_productattributevalue SET value_id = "
            "(SELECT id FROM shopkit_catalog_attributevalue WHERE value = 'Silk')"
        ),
        by_hand("UPDATE shopkit_catalog_attribute SET is_filterable = NOT is_filterable"),
        lambda: VariantAttributeValue.objects.filter(
            pk=VariantAttributeValue.objects.order_by("pk").first().pk
        ).update(variant=make_variant()),
        by_hand("TRUNCATE shopkit_catalog_listing"),
        by_hand("TRUNCATE shopkit_catalog_variantattributevalue"),
        by_hand("TRUNCATE shopkit_catalog_productattributevalue"),
        by_hand("TRUNCATE shopkit_catalog_product CASCADE"),
        lambda: make_variant(product=make_product(categories=[make_category()])),
        lambda: Listing.objects.all().delete(),
        lambda: Attribute.objects.update(is_filterable=False),
    ],
)
def test_whoever_writes_and_how_it_is_seen(write):
    make_shop(3, products=6)
    before = told(keeping.current_index())

    write()

    after = told(keeping.current_index())
    assert after != before
    assert after == told(FacetIndex.of(read_groups("default")))


def test_what_no_facet_is_counted_from_is_not_written_down(three):
    before = FacetChange.objects.count()

    Product.objects.update(name="Other", popularity=7, in_stock=True)
    Variant.objects.update(barcode="1")

    assert FacetChange.objects.count() == before


@pytest.mark.parametrize("how", ["TRUNCATE", "DELETE FROM"])
def test_changes_that_were_thrown_away_are_no_loss(three, how):
    keeping.current_index()
    sell_out(three[0])
    by_hand(f"{how} shopkit_catalog_facetchange")()

    assert in_stock(keeping.current_index()) == 2


def test_with_very_many_changes_everything_is_read_anew(three, monkeypatch):
    keeping.current_index()
    monkeypatch.setattr(keeping, "MOST_CHANGED", 1)
    Product.objects.update(in_stock=False)

    assert in_stock(keeping.current_index()) == 0


def test_who_has_slept_for_long_reads_everything_anew(three, monkeypatch):
    keeping.current_index()
    sell_out(three[0])
    FacetChange.objects.update(changed_at=timezone.now() - timedelta(hours=25))
    purge_changes()
    monkeypatch.setattr(keeping, "LONGEST_SLEEP", -1.0)

    assert in_stock(keeping.current_index()) == 2


def test_a_transaction_sees_its_own_changes_and_leaves_nothing_behind(three):
    keeping.current_index()
    with transaction.atomic():
        sell_out(three[0])
        assert in_stock(keeping.current_index()) == 2
        transaction.set_rollback(True)

    assert in_stock(keeping.current_index()) == 3


def test_without_its_triggers_nothing_is_remembered_and_the_doctor_puts_them_back(three):
    by_hand("DROP TRIGGER shopkit_facets_update ON shopkit_catalog_product")()
    by_hand("ALTER TABLE shopkit_catalog_listing DISABLE TRIGGER shopkit_facets_delete")()
    keeping._kept.clear()
    try:
        assert in_stock(keeping.current_index()) == 3
        sell_out(three[0])
        assert in_stock(keeping.current_index()) == 2
        assert triggers.missing("default") == ["product: update", "listing: delete"]
        [result] = [check(one) for one in chosen(["catalog.facets"])]
        assert [one.subject for one in result.shown] == ["product: update", "listing: delete"]
        result.shown[0].fix()
    finally:
        triggers.install("default")

    assert triggers.missing("default") == []
    keeping.current_index()
    sell_out(three[1])
    assert in_stock(keeping.current_index()) == 1


def test_what_everybody_knows_is_forgotten_after_a_day(three):
    keeping.current_index()
    old = FacetChange.objects.count()
    FacetChange.objects.update(changed_at=timezone.now() - timedelta(hours=25))
    sell_out(three[1])

    assert purge_changes() == old
    assert FacetChange.objects.get().product_key == three[1].pk


def test_products_whose_keys_lie_far_apart_are_counted_all_the_same(three):
    attribute = make_attribute(code="colour", values=["Red"])
    value = attribute.values.get()
    keeping.current_index()
    far = make_product(pk=10**15)
    far.attribute_values.create(attribute=attribute, value=value)
    Product.objects.filter(pk=far.pk).update(in_stock=True)

    for _ in range(2):
        index = keeping.current_index()
        assert in_stock(index) == 4
        assert told(index)["value", value.pk] == 1
        keeping._kept.clear()
