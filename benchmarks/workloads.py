"""What is asked: of the shop, and of the bare floor that gives the same answer.

Every workload walks over many different rows, so that nobody measures one cached page.
"""

import random
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import cycle, islice
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from . import catalogue
from .load import Operation, Parts, Reply, Send, get
from .servers import Server

API = "/api/v1/"
PAGE = 20
DEEPEST_PAGE = 1_000
LOWEST, HIGHEST = 50_000, 300_000  # so'm
MANY = 300
LINES = 3
BUYERS, STOCK = 200, 50
HOT_VARIANT = 4  # of product 1; the variants of product n are 4n, 4n + 1, ...


@dataclass(frozen=True)
class Shop:
    """The shop under measurement.

    size -- products it has
    """

    size: int
    server: Server

    @property
    def deep_page(self) -> int:
        """The page that counts as deep: the thousandth, or the last of a small shop."""
        return min(DEEPEST_PAGE, self.size // PAGE)

    @property
    def skipped(self) -> int:
        """Products before that page."""
        return (self.deep_page - 1) * PAGE

    def numbers(self, count: int = MANY) -> list[int]:
        """Return keys of products, the same in every run."""
        return random.Random(catalogue.SEED).sample(range(1, self.size + 1), min(count, self.size))

    def sellable(self) -> list[int]:
        """Return keys of variants that there are some of, no two of one product."""
        found = (catalogue.product(number) for number in self.numbers())
        first = (next((v for v in one.variants if v.on_hand), None) for one in found)
        return [one.pk for one in first if one is not None and one.pk != HOT_VARIANT]


@dataclass(frozen=True)
class Read:
    """A workload of GETs.

    paths -- of the shop
    bare -- of the floor without a framework
    is_conditional -- the client has the answer already and asks whether it is still good
    """

    title: str
    paths: Callable[[Shop], Sequence[str]]
    bare: Callable[[Shop], Sequence[str]] | None = None
    is_conditional: bool = False


def _first_pages(_shop: Shop) -> list[str]:
    return [f"{API}products/"]


def _first_cursors(_shop: Shop) -> list[str]:
    return [f"{API}products/?cursor="]


def _deep_pages(shop: Shop) -> list[str]:
    pages = range(shop.deep_page, max(0, shop.deep_page - 5), -1)
    return [f"{API}products/?page={number}" for number in pages]


def _deep_cursors(shop: Shop) -> list[str]:
    """Walk to the deep page in strides of a hundred and take the cursor from there."""
    path = f"{API}products/?cursor=&page_size={PAGE}"
    left = shop.skipped
    while left:
        stride = min(100, left)
        left -= stride
        answer = get(shop.server, _with(path, page_size=str(stride))).json()
        path = answer["next"]
    parts = urlsplit(_with(path, page_size=str(PAGE)))
    return [f"{parts.path}?{parts.query}"]


def _with(url: str, **changes: str) -> str:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query, True).items()}  # noqa: FBT003
    return f"{parts.path}?{urlencode({**query, **changes})}"


def _bare_keyset(shop: Shop) -> list[str]:
    last = shop.size - shop.skipped + 1
    at = (catalogue.BEGIN + timedelta(minutes=last)).isoformat()
    return [f"/by_keyset?{urlencode({'at': at, 'id': last})}"]


def _branches() -> range:
    return range(1, catalogue.ROOTS * (1 + catalogue.CHILDREN) + 1)


def _filters(_shop: Shop) -> list[str]:
    bounds = f"min_price={LOWEST}&max_price={HIGHEST}&ordering=price&cursor="
    return [f"{API}products/?category=c-{pk}&{bounds}" for pk in _branches()]


def _bare_filters(_shop: Shop) -> list[str]:
    return [f"/in_branch?category={pk}&min={LOWEST}&max={HIGHEST}" for pk in _branches()]


def _facets(*queries: str) -> Callable[[Shop], list[str]]:
    return lambda _shop: [f"{API}products/?facets=1{query}" for query in queries]


def _pairs() -> list[tuple[str, str]]:
    """Return two words of one name each, in the order in which they do not stand there."""
    return [
        (thing, quality.lower())
        for thing, quality in zip(catalogue.THINGS, catalogue.QUALITIES, strict=False)
    ]


def misspelt(word: str) -> str:
    """Return the word with two letters changed over; of short ones, with one too many."""
    if len(word) < 5 or word[2] == word[3]:
        return word + "q"
    return word[:2] + word[3] + word[2] + word[4:]


READS: dict[str, Read] = {
    "list_first": Read("list, first page", _first_pages, lambda _shop: ["/first_page"]),
    "list_first_cursor": Read(
        "list, first page by cursor", _first_cursors, lambda _shop: ["/first_page"]
    ),
    "list_deep_page": Read(
        "list, 1 000th page by number",
        _deep_pages,
        lambda shop: [f"/by_offset?first={shop.skipped}"],
    ),
    "list_deep_cursor": Read("list, 1 000th page by cursor", _deep_cursors, _bare_keyset),
    "filter": Read("branch, price range, by price", _filters, _bare_filters),
    "search": Read(
        "search by a word",
        lambda _shop: [f"{API}products/?search={word}&cursor=" for word in catalogue.THINGS],
        lambda _shop: [f"/by_words?word={word}" for word in catalogue.THINGS],
    ),
    "search_words": Read(
        "search by two words",
        lambda _shop: [f"{API}products/?search={one}+{two}&cursor=" for one, two in _pairs()],
        lambda _shop: [f"/by_words?word={one}&word={two}" for one, two in _pairs()],
    ),
    "search_typo": Read(
        "search by a misspelt word",
        lambda _shop: [f"{API}products/?search={misspelt(w)}&cursor=" for w in catalogue.THINGS],
        # A floor that forgives nothing: the same words, spelt right.
        lambda _shop: [f"/by_words?word={word}" for word in catalogue.THINGS],
    ),
    "suggest": Read(
        "suggestions for three letters",
        lambda _shop: [f"{API}search/suggest/?q={word[:3]}" for word in catalogue.THINGS],
        lambda _shop: [f"/suggest?word={word[:3]}" for word in catalogue.THINGS],
    ),
    "facets": Read("facets over everything", _facets("")),
    "facets_category": Read(
        "facets of a category", _facets(*(f"&category=c-{pk}" for pk in _branches()))
    ),
    "facets_filtered": Read(
        "facets, category and two filters",
        _facets(*(f"&category=c-{pk}&in_stock=true&on_sale=true" for pk in _branches())),
    ),
    "facets_in_stock": Read("facets of what is in stock", _facets("&in_stock=true")),
    "facets_value": Read(
        "facets of a colour", _facets(*(f"&attr=colour:{one}" for one in catalogue.COLOURS))
    ),
    "detail": Read(
        "product page",
        lambda shop: [f"{API}products/{pk}/" for pk in shop.numbers()],
        lambda shop: [f"/detail?id={pk}" for pk in shop.numbers()],
    ),
    "tree": Read(
        "category tree of 400", lambda _shop: [f"{API}categories/"], lambda _shop: ["/tree"]
    ),
    "tree_304": Read(
        "category tree, not modified", lambda _shop: [f"{API}categories/"], is_conditional=True
    ),
}


# --- what changes something -----------------------------------------------------------------------


def cart_parts(shop: Shop) -> Parts:
    """Make a new cart each time."""
    every = cycle([partial(_add_and_look, pk) for pk in shop.sellable()])
    return every, every, every


async def _add_and_look(variant: int, send: Send) -> bool:
    body = {"variant_id": variant, "quantity": 1}
    added = await send("POST", f"{API}cart/items/", body)
    if added.status != 201:
        return False
    token = {"X-Cart-Token": added.header("X-Cart-Token")}
    seen = await send("GET", f"{API}cart/", None, token)
    return seen.status == 200


def bare_cart_parts(shop: Shop) -> Parts:
    """Do the same to the floor."""
    every = cycle([partial(_bare_add_and_look, pk) for pk in shop.sellable()])
    return every, every, every


async def _bare_add_and_look(variant: int, send: Send) -> bool:
    added = await send("POST", "/add", {"variant_id": variant, "quantity": 1})
    seen = await send("GET", f"/view?token={added.json()['token']}")
    return added.status == seen.status == 200


def baskets(shop: Shop) -> Iterator[list[int]]:
    """Yield three different variants each time, for ever."""
    dice, variants = random.Random(catalogue.SEED), shop.sellable()
    while True:
        yield dice.sample(variants, LINES)


def checkout_parts(tokens: Sequence[str], shares: Sequence[int]) -> Parts:
    """Order each prepared cart once.

    tokens -- of the carts
    shares -- how many of them each part gets
    """
    operations = iter([partial(place, number, token) for number, token in enumerate(tokens)])
    warm, many, one = (iter(list(islice(operations, share))) for share in shares)
    return warm, many, one


async def place(number: int, token: str, send: Send) -> bool:
    """Order a cart; say whether it was taken."""
    return (await order(number, token, send)).status == 201


async def order(number: int, token: str, send: Send) -> Reply:
    """Turn a cart into an order, under an idempotency key and a telephone number of its own."""
    body = {
        "contact": {"name": "Aygul Saparova", "phone": f"+99890{number % 10_000_000:07}"},
        "address": {"city": "Nukus", "street": f"Berdaq {number}"},
    }
    headers = {"X-Cart-Token": token, "Idempotency-Key": f"{token[:32]}-{number}"}
    return await send("POST", f"{API}orders/", body, headers)


def bare_checkout_parts(shop: Shop) -> Parts:
    """Sell three variants each time."""
    every = (partial(_bare_order, variants) for variants in baskets(shop))
    return every, every, every


async def _bare_order(variants: list[int], send: Send) -> bool:
    return (await bare_order(variants, send)).status == 200


def bare_order(variants: Sequence[int], send: Send) -> Coroutine[Any, Any, Reply]:
    """Sell one unit of each."""
    return send("POST", "/checkout", {"variants": list(variants)})


def operations_of(reads: Sequence[str]) -> list[Operation]:
    """Return one operation per path."""
    return [partial(_look, path) for path in reads]


async def _look(path: str, send: Send) -> bool:
    return (await send("GET", path)).status == 200


RUSH = f"{BUYERS} buyers of one item, {STOCK} in stock"
TITLES = {
    **{name: one.title for name, one in READS.items()},
    "cart": "new cart: add, then look (2 requests)",
    "checkout": f"checkout of {LINES} lines",
    "checkout_delivering": "the same, facts delivered by the web processes",
    "one_statement": "list, first page, one statement",
}
NAMES = (*READS, "cart", "checkout", "checkout_delivering", "buyers")
