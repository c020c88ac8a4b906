"""Many relays over the same rows."""

import threading
import time
from collections import Counter

import pytest
from django.db.models.functions import Now

from shopkit.core.facts import deliver_due
from shopkit.core.models import Delivery
from tests.threads import at_once, kinds

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

TOLD = Counter()
LOCK = threading.Lock()
ROWS, RELAYS = 100, 8


def tell(number):
    with LOCK:
        TOLD[number] += 1


@pytest.fixture(autouse=True)
def _rows(settings):
    settings.SHOPKIT = {"FACTS": {"DELIVERY": "manual"}}
    TOLD.clear()
    Delivery.objects.bulk_create(
        Delivery(fact="test.happened", subscriber=f"{__name__}.tell", ids={"number": number})
        for number in range(ROWS)
    )


def test_eight_relays_over_a_hundred_rows_tell_each_exactly_once():
    outcomes = at_once([deliver_due] * RELAYS)

    assert kinds(outcomes) == {"ok": RELAYS}
    assert sum(outcomes) == ROWS
    assert dict(TOLD) == dict.fromkeys(range(ROWS), 1)
    assert Delivery.objects.exclude(delivered_at=None).count() == ROWS
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def test_a_relay_that_reads_and_then_marks_tells_some_twice():
    outcomes = at_once([deliver_naively] * RELAYS)

    assert kinds(outcomes) == {"ok": RELAYS}
    assert sum(TOLD.values()) > ROWS


def deliver_naively():
    """What ``deliver_due`` would be without its compare-and-set."""
    for row in list(Delivery.objects.due().order_by("pk")):
        if Delivery.objects.get(pk=row.pk).delivered_at is None:
            time.sleep(0.001)
            tell(**row.ids)
            Delivery.objects.filter(pk=row.pk).update(delivered_at=Now())
