"""Are the books right? Asked in SQL, behind the shop's back, and of the doctor."""

import json
import time
from collections import Counter

from .customers import Intent, Tally
from .stack import PLENTY, SCARCE, Stack

SETTLED = 90  # seconds in which some fact must be delivered when all is up again


def orders_are_intents(stack: Stack, intents: list[Intent]) -> dict[str, int]:
    """Every yes is one order, every no is none; return the figures."""
    open_ones = [one for one in intents if one.number is None]
    assert not open_ones, f"{len(open_ones)} customers never got an answer"
    stored: dict[str, list[str]] = {}
    for name, number in stack.database.rows("SELECT note, number FROM shopkit_orders_order"):
        stored.setdefault(name, []).append(number)
    wrong = [
        (one.name, one.number, stored.get(one.name, []))
        for one in intents
        if stored.get(one.name, []) != ([one.number] if one.number else [])
    ]
    assert not wrong, f"{len(wrong)} intents have another number of orders: {wrong[:3]}"
    bought = sum(1 for one in intents if one.number)
    return {"intents": len(intents), "orders": bought, "refused": len(intents) - bought}


def doubles(stack: Stack, intents: list[Intent]) -> int:
    """Return how many intents have more than one order."""
    names = Counter(
        name for (name,) in stack.database.rows("SELECT note FROM shopkit_orders_order")
    )
    return sum(1 for one in intents if names[one.name] > 1)


def stock_is_right(stack: Stack) -> None:
    """What is reserved is what was ordered, and not more than there is."""
    rows = stack.database.rows(
        "SELECT item.variant_id, on_hand, reserved, coalesce(sum(quantity), 0) "
        "FROM shopkit_inventory_stockitem item "
        "LEFT JOIN shopkit_orders_orderline line USING (variant_id) GROUP BY item.id"
    )
    assert rows
    for variant, on_hand, reserved, ordered in rows:
        assert on_hand in {SCARCE, PLENTY}, f"variant {variant}: {on_hand} on hand"
        assert reserved == ordered, f"variant {variant}: {reserved} reserved, {ordered} ordered"
        assert reserved <= on_hand, f"variant {variant} is oversold"


def facts_are_delivered(stack: Stack) -> dict[str, int]:
    """Nothing waits, nothing is parked, every order has had its effect exactly once."""
    waiting = "SELECT count(*) FROM shopkit_core_delivery WHERE delivered_at IS NULL"
    parked = "SELECT count(*) FROM shopkit_core_delivery WHERE parked_at IS NOT NULL"
    left, end = stack.database.one(waiting), time.monotonic() + SETTLED
    while left and time.monotonic() < end:
        time.sleep(0.3)
        if (fewer := stack.database.one(waiting)) < left:  # a fast machine leaves much to deliver
            left, end = fewer, time.monotonic() + SETTLED
    assert stack.database.one(parked) == 0, f"{stack.database.one(parked)} facts are parked"
    assert left == 0, f"{left} facts wait, and none was delivered for {SETTLED} s"
    orders = stack.database.one("SELECT count(*) FROM shopkit_orders_order")
    told = stack.database.one("SELECT count(*) FROM faults_told")
    assert told == orders, f"{orders} orders, and the warehouse knows of {told}"
    retried = stack.database.one("SELECT count(*) FROM shopkit_core_delivery WHERE attempts > 1")
    return {
        "facts": stack.database.one("SELECT count(*) FROM shopkit_core_delivery"),
        "retried": retried,
    }


def nothing_unheard_of(tally: Tally) -> None:
    """No answer but those that are documented."""
    assert not tally.wrong, f"{len(tally.wrong)} answers that must not be: {tally.wrong[:3]}"


def doctor_is_content(stack: Stack) -> None:
    """``shopkit_doctor`` exits with 0."""
    done = stack.manage("shopkit_doctor")
    assert done.returncode == 0, f"the doctor found: {done.stdout}{done.stderr}"


def text_messages(stack: Stack) -> Counter:
    """Return how many text messages each phone got."""
    path = stack.folder / "var" / "outbox" / "sms.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return Counter(json.loads(line)["phone"] for line in lines)
