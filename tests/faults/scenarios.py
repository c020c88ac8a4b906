"""What dies, and what must hold nevertheless. Each returns its figures or raises AssertionError."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from . import judge
from .customers import Customer, Intent, Site, Tally, crowd
from .stack import CUSTOMERS, PASSWORD, Stack, kill_pid

Figures = dict[str, Any]
QUEUE = "shopkit"  # CELERY_TASK_DEFAULT_QUEUE of the example project


@dataclass(frozen=True)
class Length:
    """How long it goes on.

    seconds -- of every phase
    rounds -- how often something is killed, where that is counted
    """

    seconds: float
    rounds: int


SHORT = Length(seconds=4, rounds=3)
LONG = Length(seconds=40, rounds=30)


def judged(stack: Stack, tally: Tally, intents: list[Intent]) -> Figures:
    """What must hold after everything."""
    stack.wait_until_ready()
    judge.nothing_unheard_of(tally)
    figures = judge.orders_are_intents(stack, intents)
    figures |= judge.facts_are_delivered(stack)
    judge.stock_is_right(stack)
    judge.doctor_is_content(stack)
    return figures


def web_killed(stack: Stack, tally: Tally, length: Length) -> Figures:
    """Processes that serve requests die while customers buy, who ask again with their keys."""
    with crowd(stack, tally) as intents:
        kills = _kill_one_now_and_then(stack, length.rounds)
        kills += _kill_when_orders_are_committed(stack, length.rounds)
    return {"kills": kills, **judged(stack, tally, intents)}


def web_killed_naively(stack: Stack, tally: Tally, length: Length) -> Figures:
    """The same with customers who know no keys: some get two orders, or the test proves nothing."""
    kills = 0
    with crowd(stack, tally, with_keys=False) as intents:
        for _ in range(length.rounds * 4):
            kills += _kill_when_orders_are_committed(stack, 1)
            if judge.doubles(stack, intents):
                break
    stack.wait_until_ready()
    found = judge.doubles(stack, intents)
    assert found, "nobody was given two orders: the kills hit nothing"
    judge.stock_is_right(stack)
    return {"kills": kills, "intents": len(intents), "with two orders": found}


def _kill_one_now_and_then(stack: Stack, rounds: int) -> int:
    """Kill one of two web workers at any moment, as soon as there are two again."""
    for _ in range(rounds):
        _two_serve(stack)
        time.sleep(random.uniform(0.3, 1))
        kill_pid(random.choice(stack.web_workers()))
    return rounds


def _kill_when_orders_are_committed(stack: Stack, rounds: int) -> int:
    """Kill all web workers in the moment in which an order is there and its answer is not."""
    kills = 0
    with stack.database.listen("faults_order") as commits:
        for _ in range(rounds):
            _two_serve(stack)
            commits.wait(20)
            for pid in stack.web_workers():
                kill_pid(pid)
                kills += 1
    return kills


def _two_serve(stack: Stack) -> None:
    """Return when both web workers have had a moment to come up."""
    end = time.monotonic() + 20
    while len(stack.web_workers()) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(1)


def worker_killed(stack: Stack, tally: Tally, length: Length) -> Figures:
    """The worker dies in the middle of its tasks: text messages, and telling the warehouse."""
    site, before, phones = Site(stack.address, tally), judge.text_messages(stack), []
    kills = length.rounds + 1
    with crowd(stack, tally, size=2, rest=1.5) as intents:
        for turn in range(kills):
            phones += _ask_for_codes(site)
            # While it tells the warehouse: as a subscriber, or as the bare task to compare with.
            channel = ("faults_telling", "faults_telling_naively")[turn % 2]
            with stack.database.listen(channel) as begun:
                begun.wait(20)
            stack.kill("worker")
            stack.start("worker")
    figures = judged(stack, tally, intents)
    assert phones, "no code was asked for"
    sent = judge.text_messages(stack) - before
    lost = [phone for phone in phones if not sent[phone]]
    assert not lost, f"{len(lost)} of {len(phones)} codes were never sent"
    # Between the gateway's yes and our note of it a kill costs a second message, one per process.
    twice = sum(1 for phone in phones if sent[phone] > 1)
    assert twice <= kills * 2, f"{twice} codes were sent twice"
    codes = {"codes": len(phones), "codes sent twice": twice}
    return {"kills": kills, **figures, **codes, **_by_a_bare_task(stack)}


def _ask_for_codes(site: Site) -> list[str]:
    """Return the phones that were promised a code."""
    asked = []
    for _ in range(4):
        phone = f"+99890{random.randrange(10**7):07}"
        answer = site.call("code", "POST", "auth/otp/", {"channel": "sms", "phone": phone})
        if answer is not None and answer.status_code == 202:
            asked.append(phone)
    return asked


def _by_a_bare_task(stack: Stack) -> Figures:
    """What would have become of the warehouse without durable facts: the comparison must fail."""
    end = time.monotonic() + 60
    while stack.broker.call("LLEN", QUEUE) and time.monotonic() < end:
        time.sleep(0.5)
    time.sleep(1)  # for those that were taken off the queue last
    orders = stack.database.one("SELECT count(*) FROM shopkit_orders_order")
    told = stack.database.one("SELECT count(DISTINCT order_id) FROM faults_told_naively")
    assert told < orders, "a bare task lost nothing: the kills hit nothing"
    return {"lost by a bare task": orders - told}


def postgres_crashed(stack: Stack, tally: Tally, length: Length) -> Figures:
    """The database stops at once and comes up from its log, again and again, during checkouts."""
    crashes = max(2, length.rounds // 2)
    with crowd(stack, tally) as intents, reading(stack, tally):
        for _ in range(crashes):
            time.sleep(length.seconds / 2)
            stack.database.crash()
        time.sleep(2)
    return {"crashes": crashes, **judged(stack, tally, intents)}


@contextmanager
def reading(stack: Stack, tally: Tally) -> Iterator[None]:
    """Somebody looks at the catalogue while the block runs: 200, or a documented 503."""
    site, closing = Site(stack.address, tally), threading.Event()

    def look() -> None:
        while not closing.wait(0.1):
            answer = site.call("list", "GET", "products/")
            if answer is not None and answer.status_code not in {200, 503}:
                tally.complain(f"list: {answer.status_code}")

    reader = threading.Thread(target=look, daemon=True)
    reader.start()
    try:
        yield
    finally:
        closing.set()
        reader.join(60)


class FilledCart:
    """A guest's cart with one thing in it. Whoever looks sees that, or that it is lost, or 503."""

    def __init__(self, stack: Stack, tally: Tally) -> None:
        self._site = Site(stack.address, tally)
        [(self._variant,)] = stack.database.rows(
            "SELECT id FROM shopkit_catalog_variant ORDER BY id OFFSET 1 LIMIT 1"
        )
        self.token = Customer(self._site).fill(Intent({self._variant: 1}), time.monotonic() + 60)
        assert self.token

    def look(self) -> str:
        """Return "there", "lost" or "away"; an empty cart shown as if it were true is none."""
        answer = self._site.call("look", "GET", "cart/", **{"X-Cart-Token": self.token})
        if answer is None or answer.status_code == 503:
            return "away"
        body = answer.json()
        held = [(item["variant"]["id"], item["quantity"]) for item in body.get("items", [])]
        if held == [(self._variant, 1)] and body["lost"] is False:
            return "there"
        if not held and body["lost"] is True:
            return "lost"
        self._site.tally.complain(f"look: {answer.status_code} {answer.text[:200]}")
        return "untrue"


def _somebody_signs_in(stack: Stack, tally: Tally) -> None:
    """By password, with a guest's cart in hand: merging it never keeps anybody out."""
    name = f"customer-{random.randrange(CUSTOMERS)}"
    body = {"username": name, "password": PASSWORD}
    answer = Site(stack.address, tally).call("login", "POST", "auth/login/", body)
    if answer is None or answer.status_code != 200:
        status = "no answer" if answer is None else f"{answer.status_code} {answer.text[:200]}"
        tally.complain(f"login: {status}")


def redis_away(stack: Stack, tally: Tally, length: Length) -> Figures:
    """Redis is stopped, frozen, full, emptied, while customers buy and sign in."""
    figures: Figures = {}
    with crowd(stack, tally) as intents, reading(stack, tally):
        for name, begin, end in _troubles_of_redis(stack):
            cart = FilledCart(stack, tally)
            assert cart.look() == "there"
            begin()
            seen = _look_on(stack, tally, cart, length.seconds)
            end()
            stack.wait_until_ready()
            figures[f"cart while {name}"] = "/".join(sorted(seen))
            after = cart.look()
            figures[f"cart after {name}"] = after
            assert seen <= EXPECTED[name], f"the cart was seen {seen} while Redis was {name}"
            assert after == AFTERWARDS[name], f"the cart is {after} after Redis was {name}"
    return {**figures, **judged(stack, tally, intents)}


EXPECTED = {
    "stopped": {"away"},
    "frozen": {"away"},
    "full": {"there"},
    "emptied": {"lost"},
}
AFTERWARDS = {"stopped": "lost", "frozen": "there", "full": "there", "emptied": "lost"}


def _troubles_of_redis(stack: Stack) -> list[tuple[str, Callable[[], Any], Callable[[], Any]]]:
    redis = stack.redis
    return [
        ("stopped", redis.stop, redis.start),
        ("frozen", redis.freeze, redis.thaw),
        (
            "full",
            lambda: redis.call("CONFIG", "SET", "maxmemory", "1"),
            lambda: redis.call("CONFIG", "SET", "maxmemory", "0"),
        ),
        ("emptied", lambda: redis.call("FLUSHALL"), lambda: None),
    ]


def _look_on(stack: Stack, tally: Tally, cart: FilledCart, seconds: float) -> set[str]:
    seen, end = set(), time.monotonic() + seconds
    while time.monotonic() < end:
        seen.add(cart.look())
        _somebody_signs_in(stack, tally)
    return seen


def broker_frozen(stack: Stack, tally: Tally, length: Length) -> Figures:
    """The broker accepts and never answers: placing takes what it always takes."""
    with crowd(stack, tally, size=4) as intents:
        time.sleep(length.seconds)
    usual, calm = tally.percentile("order", 0.5), len(intents)
    frozen = Tally()
    stack.broker.freeze()
    with crowd(stack, frozen, size=4) as more:
        time.sleep(length.seconds)
    stack.broker.thaw()
    orders = sum(
        count
        for (what, status), count in frozen.statuses.items()
        if (what, status) == ("order", 201)
    )
    assert orders, "nobody could buy"
    meanwhile, slowest = frozen.percentile("order", 0.5), frozen.slowest("order")
    assert meanwhile < usual * 3 + 0.1, f"placing took {meanwhile:.2f} s instead of {usual:.2f} s"
    assert slowest < 5, f"one order took {slowest:.1f} s"
    judge.nothing_unheard_of(frozen)
    figures = judged(stack, tally, [*intents, *more])
    return {
        **figures,
        "orders meanwhile": orders,
        "usual ms": round(usual * 1000),
        "meanwhile ms": round(meanwhile * 1000),
        "slowest ms": round(slowest * 1000),
        "calm": calm,
    }


SCENARIOS: dict[str, Callable[[Stack, Tally, Length], Figures]] = {
    "web-killed": web_killed,
    "worker-killed": worker_killed,
    "postgres-crashed": postgres_crashed,
    "redis-away": redis_away,
    "broker-frozen": broker_frozen,
    "web-killed-naively": web_killed_naively,
}
