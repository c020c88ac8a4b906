"""Customers who buy, and who ask again when nobody answered."""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from .stack import VARIANTS, Stack

TIMEOUT = 20  # seconds for one call
STUBBORN = 120  # seconds until a customer gives an intent up, which no scenario allows
PAUSE = 0.1  # seconds before asking again
BROKEN = "no answer"
PHONE = "+998901234567"


class Tally:
    """What was answered, counted; what should never be answered, kept."""

    def __init__(self) -> None:
        self.statuses: Counter[tuple[str, Any]] = Counter()
        self.seconds: list[tuple[str, float]] = []
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    def note(self, what: str, status: Any, seconds: float) -> None:
        """Count one call."""
        with self._lock:
            self.statuses[what, status] += 1
            self.seconds.append((what, seconds))

    def complain(self, text: str) -> None:
        """Keep something that must fail the scenario."""
        with self._lock:
            self.wrong.append(text)

    def slowest(self, what: str) -> float:
        """Return the longest time that a call of this kind took, in seconds."""
        return max((one for kind, one in self.seconds if kind == what), default=0.0)

    def percentile(self, what: str, share: float) -> float:
        """Return the time that ``share`` of these calls did not exceed, in seconds."""
        times = sorted(one for kind, one in self.seconds if kind == what)
        return times[min(len(times) - 1, int(len(times) * share))] if times else 0.0

    def lines(self) -> list[str]:
        """Return the table."""
        kinds = sorted({what for what, _ in self.statuses})
        return [
            f"  {kind:<8} "
            + ", ".join(
                f"{status}: {count}"
                for (what, status), count in sorted(self.statuses.items(), key=str)
                if what == kind
            )
            for kind in kinds
        ]


@dataclass
class Site:
    """The API as a client sees it; every call is counted and looked at."""

    address: str
    tally: Tally

    def call(
        self, what: str, method: str, path: str, body: Any = None, **headers: str
    ) -> requests.Response | None:
        """Return the answer, or None when there was none."""
        began = time.monotonic()
        try:
            answer = requests.request(
                method,
                f"{self.address}/api/v1/{path}",
                json=body,
                headers=headers,
                timeout=TIMEOUT,
            )
        except requests.RequestException:
            self.tally.note(what, BROKEN, time.monotonic() - began)
            return None
        self.tally.note(what, answer.status_code, time.monotonic() - began)
        self._look_at(what, answer)
        return answer

    def _look_at(self, what: str, answer: requests.Response) -> None:
        """Of all statuses from 500 on only a documented 503 may be answered."""
        if answer.status_code < 500:
            return
        kind = answer.headers.get("Content-Type", "")
        documented = kind.startswith("application/problem+json") and "Retry-After" in answer.headers
        if answer.status_code != 503 or not documented:
            self.tally.complain(f"{what}: {answer.status_code} {answer.text[:200]}")
        elif "Traceback" in answer.text or "psycopg" in answer.text:
            self.tally.complain(f"{what}: a 503 that tells too much: {answer.text[:200]}")


@dataclass
class Intent:
    """What one customer wants, once.

    number -- of the order that was answered; None until then, "" when the shop refused
    """

    lines: dict[int, int]
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    number: str | None = None


def some_intent(variants: list[int]) -> Intent:
    """Return an intent to buy up to three things; the first variant is scarce."""
    wanted = random.sample(variants, k=random.randint(1, 3))
    return Intent({variant: random.randint(1, 2) for variant in wanted})


class Customer:
    """A guest who carries one intent after the other through.

    with_keys -- each intent has one Idempotency-Key and one cart; without, every further try is a
        new attempt, as of a client that knows no better
    """

    def __init__(self, site: Site, *, with_keys: bool = True) -> None:
        self.site = site
        self.with_keys = with_keys

    def carry_through(self, intent: Intent) -> None:
        """Ask until the shop has said yes or no."""
        end = time.monotonic() + STUBBORN
        token = self.fill(intent, end)
        while intent.number is None and token and time.monotonic() < end:
            answer = self._order(intent, token)
            if self._is_final(intent, answer):
                return
            time.sleep(PAUSE)
            if not self.with_keys or self._cart_is_gone(answer):
                token = self.fill(intent, end)

    def _order(self, intent: Intent, token: str) -> requests.Response | None:
        key = {"Idempotency-Key": intent.name} if self.with_keys else {}
        body = {
            "contact": {"name": "Anna Kim", "phone": PHONE},
            "address": {"city": "Nukus", "street": "Berdaq 1"},
            "note": intent.name,
        }
        return self.site.call("order", "POST", "orders/", body, **{"X-Cart-Token": token}, **key)

    def _is_final(self, intent: Intent, answer: requests.Response | None) -> bool:
        if answer is None or answer.status_code == 503:
            return False
        if answer.status_code == 201:
            intent.number = answer.json()["number"]
            return True
        code = answer.json().get("code")
        if code == "out_of_stock":
            intent.number = ""
            return True
        if answer.status_code != 409:
            self.site.tally.complain(f"order: {answer.status_code} {answer.text[:200]}")
        return False

    def _cart_is_gone(self, answer: requests.Response | None) -> bool:
        """The key has no order, or it would have been answered again."""
        return answer is not None and answer.json().get("code") == "empty_cart"

    def fill(self, intent: Intent, end: float) -> str:
        """Return the token of a cart that holds the intent, and nothing else."""
        while time.monotonic() < end:
            token = self._try_to_fill(intent)
            if token:
                return token
            if intent.number is not None:
                return ""
            time.sleep(PAUSE)
        return ""

    def _try_to_fill(self, intent: Intent) -> str:
        token = ""
        for variant, units in intent.lines.items():
            headers = {"X-Cart-Token": token} if token else {}
            answer = self.site.call(
                "cart", "POST", "cart/items/", {"variant_id": variant, "quantity": units}, **headers
            )
            if answer is None or answer.status_code == 503:
                return ""  # begin again with a new cart: who knows what this one holds
            if answer.status_code == 409:
                intent.number = ""
                return ""
            if answer.status_code != 201:
                self.site.tally.complain(f"cart: {answer.status_code} {answer.text[:200]}")
                return ""
            token = answer.headers.get("X-Cart-Token") or answer.json()["token"] or token
        return token


@contextmanager
def crowd(
    stack: Stack, tally: Tally, *, size: int = 8, rest: float = 0, with_keys: bool = True
) -> Iterator[list]:
    """Let customers buy while the block runs; afterwards each ends what it has begun.

    rest -- seconds between two intents of one customer

    Yields the list of all intents.
    """
    variants = [
        row[0]
        for row in stack.database.rows(
            f"SELECT id FROM shopkit_catalog_variant ORDER BY id LIMIT {VARIANTS}"
        )
    ]
    intents: list[Intent] = []
    closing = threading.Event()

    def shop() -> None:
        customer = Customer(Site(stack.address, tally), with_keys=with_keys)
        while not closing.wait(rest):
            intent = some_intent(variants)
            intents.append(intent)
            try:
                customer.carry_through(intent)
            except Exception as error:  # noqa: BLE001 - the scenario fails, its thread may end
                tally.complain(f"the customer stumbled: {type(error).__name__}: {error}")

    threads = [threading.Thread(target=shop, daemon=True) for _ in range(size)]
    for thread in threads:
        thread.start()
    try:
        yield intents
    finally:
        closing.set()
        for thread in threads:
            thread.join(STUBBORN + TIMEOUT)
