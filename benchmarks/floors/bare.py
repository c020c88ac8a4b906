"""The second floor: a WSGI function, psycopg and json; the same answers with nothing around them.

No validation, no permissions, no languages, no errors worth the name: this is not how to write a
shop, it is what a shop can be compared with.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import psycopg
import redis

from . import sql

DATABASE = psycopg.connect(os.environ["SHOPKIT_BENCH_DATABASE_URL"], autocommit=True)
CARTS = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
KEY = "shopkit-bench:floor:"
LIFETIME = 600  # seconds

Asked = dict[str, list[str]]


def first_page(_asked: Asked, _given: Any) -> Any:
    return _page(DATABASE.execute(sql.FIRST_PAGE))


def by_offset(asked: Asked, _given: Any) -> Any:
    return _page(DATABASE.execute(sql.BY_OFFSET, [int(asked["first"][0])]))


def by_keyset(asked: Asked, _given: Any) -> Any:
    place = datetime.fromisoformat(asked["at"][0])
    return _page(DATABASE.execute(sql.BY_KEYSET, [place, int(asked["id"][0])]))


def in_branch(asked: Asked, _given: Any) -> Any:
    bounds = [int(asked[name][0]) * sql.SCALE for name in ("min", "max")]
    return _page(DATABASE.execute(sql.IN_BRANCH, [int(asked["category"][0]), *bounds]))


def by_words(asked: Asked, _given: Any) -> Any:
    return _page(_found(asked["word"]))


def suggest(asked: Asked, _given: Any) -> Any:
    typed = asked["word"]
    patterns = [f"%{typed[0]}%", f"%| {typed[0]}%"]
    categories = DATABASE.execute(sql.SUGGESTED_CATEGORIES, patterns)
    shown = [dict(zip(("id", "slug", "name"), row, strict=True)) for row in categories]
    products = [sql.card(row) for row in list(_found(typed))[: 10 - len(shown)]]
    lines = [{name: one[name] for name in ("id", "slug", "name", "image")} for one in products]
    return {"products": lines, "categories": shown}


def _found(words: list[str]) -> Iterable[Any]:
    return DATABASE.execute(sql.by_words(len(words)), sql.words_asked(words))


def _page(rows: Iterable[Any]) -> Any:
    return {"next": None, "previous": None, "results": [sql.card(row) for row in rows]}


def detail(asked: Asked, _given: Any) -> Any:
    row = DATABASE.execute(sql.DETAIL, [int(asked["id"][0])]).fetchone()
    assert row is not None
    for one in row[18]:
        one["price"], one["sale_price"] = sql.money(one["price"]), sql.money(one["sale_price"])
    return {**sql.card(row), "description": row[17], "variants": row[18], "attributes": row[19]}


def tree(_asked: Asked, _given: Any) -> Any:
    nodes: dict[int, Any] = {}
    roots = []
    for key, parent, slug, name in DATABASE.execute(sql.TREE):
        node = {"id": key, "slug": slug, "name": name, "children": []}
        nodes[key] = node
        (roots if parent is None else nodes[parent]["children"]).append(node)
    return roots


def add(_asked: Asked, given: Any) -> Any:
    token = secrets.token_urlsafe(24)
    with CARTS.pipeline() as pipe:
        pipe.hincrby(KEY + token, str(given["variant_id"]), given["quantity"])
        pipe.expire(KEY + token, LIFETIME)
        pipe.hgetall(KEY + token)
        lines = pipe.execute()[2]
    return {"token": token, **_cart(lines)}


def view(asked: Asked, _given: Any) -> Any:
    return _cart(CARTS.hgetall(KEY + asked["token"][0]))


def _cart(lines: Any) -> Any:
    wanted = {int(key): int(units) for key, units in lines.items()}
    rows = DATABASE.execute(sql.PRICED, [list(wanted)])
    items = [
        {
            "id": row[0],
            "variant": {
                "id": row[0],
                "sku": row[1],
                "name": row[2],
                "product": {"id": row[3], "slug": row[4], "name": row[5]},
            },
            "quantity": wanted[row[0]],
            "unit_price": sql.money(row[6]),
            "line_total": sql.money(row[6] * wanted[row[0]]),
            "available": row[7],
        }
        for row in rows
    ]
    return {"items": items, "currency": "UZS", "count": sum(wanted.values())}


def checkout(_asked: Asked, given: Any) -> Any:
    wanted = given["variants"]
    number = secrets.token_hex(8)
    try:
        with DATABASE.transaction():
            lines = DATABASE.execute(sql.RESERVE, [wanted]).fetchall()
            if len(lines) != len(wanted):
                raise LookupError
            variants, prices = zip(*lines, strict=True)
            order = [number, sum(prices), list(variants), list(prices)]
            DATABASE.execute(sql.WRITE_ORDER, order)
    except LookupError:
        return None
    items = [{"variant_id": pk, "unit_price": sql.money(price)} for pk, price in lines]
    return {"number": number, "total": sql.money(sum(prices)), "items": items}


ROUTES: dict[str, Callable[[Asked, Any], Any]] = {
    f"/{route.__name__}": route
    for route in (
        first_page, by_offset, by_keyset, in_branch, by_words, suggest, detail, tree, add, view,
        checkout,
    )
}  # fmt: skip


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer 200 with the JSON of a route, 409 where it has none."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    given = json.loads(environ["wsgi.input"].read(length)) if length else None
    answer = ROUTES[environ["PATH_INFO"]](parse_qs(environ["QUERY_STRING"]), given)
    body = b"" if answer is None else json.dumps(answer).encode()
    status = "409 Conflict" if answer is None else "200 OK"
    start_response(
        status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    )
    return [body]
