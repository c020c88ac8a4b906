"""The statements of the floors: what the shop asks, in as few words as it can be asked."""

from collections.abc import Sequence
from typing import Any

SCALE = 10_000
COLUMNS = """
    p.id, p.slug, p.name, c.id, c.slug, c.name, p.price, p.sale_price, p.price_min, p.price_max,
    p.in_stock, p.rating_avg, p.rating_count, p.likes_count, p.sole_variant_id, i.file, i.alt
"""
CARDS = f"""
    SELECT {COLUMNS} FROM shopkit_catalog_product p
    LEFT JOIN shopkit_catalog_category c ON c.id = p.category_id
    LEFT JOIN shopkit_catalog_image i ON i.id = p.primary_image_id
"""  # noqa: S608 - no values in it
NEWEST = "ORDER BY p.created_at DESC, p.id DESC LIMIT 20"

FIRST_PAGE = f"{CARDS} WHERE p.is_active AND p.deleted_at IS NULL {NEWEST}"
BY_OFFSET = f"{FIRST_PAGE} OFFSET %s"
BY_KEYSET = f"""
    {CARDS} WHERE p.is_active AND p.deleted_at IS NULL AND (p.created_at, p.id) < (%s, %s) {NEWEST}
"""
SUGGESTED_CATEGORIES = """
    SELECT c.id, c.slug, c.name FROM shopkit_catalog_category c
    WHERE c.is_active AND c.search_key LIKE %s
    ORDER BY c.search_key LIKE %s DESC, c.level, c.tree_id, c.lft LIMIT 3
"""
IN_BRANCH = f"""
    SELECT {COLUMNS} FROM shopkit_catalog_listing l
    JOIN shopkit_catalog_product p ON p.id = l.product_id
    LEFT JOIN shopkit_catalog_category c ON c.id = p.category_id
    LEFT JOIN shopkit_catalog_image i ON i.id = p.primary_image_id
    WHERE l.category_id = %s AND l.price BETWEEN %s AND %s
    ORDER BY l.price, l.product_id LIMIT 20
"""  # noqa: S608
DETAIL = f"""
    SELECT {COLUMNS}, p.description, (
        SELECT json_agg(json_build_object(
            'id', v.id, 'sku', v.sku, 'name', v.name, 'price', v.price, 'sale_price', v.sale_price,
            'barcode', v.barcode, 'available', s.on_hand - s.reserved,
            'attributes', (
                SELECT json_object_agg(a.code, x.value)
                FROM shopkit_catalog_variantattributevalue w
                JOIN shopkit_catalog_attribute a ON a.id = w.attribute_id
                JOIN shopkit_catalog_attributevalue x ON x.id = w.value_id
                WHERE w.variant_id = v.id
            )
        ) ORDER BY v.position, v.id)
        FROM shopkit_catalog_variant v
        JOIN shopkit_inventory_stockitem s ON s.variant_id = v.id
        WHERE v.product_id = p.id AND v.is_active
    ), (
        SELECT json_object_agg(a.code, x.value)
        FROM shopkit_catalog_productattributevalue w
        JOIN shopkit_catalog_attribute a ON a.id = w.attribute_id
        JOIN shopkit_catalog_attributevalue x ON x.id = w.value_id
        WHERE w.product_id = p.id
    )
    FROM shopkit_catalog_product p
    LEFT JOIN shopkit_catalog_category c ON c.id = p.category_id
    LEFT JOIN shopkit_catalog_image i ON i.id = p.primary_image_id
    WHERE p.id = %s AND p.is_active AND p.deleted_at IS NULL
"""  # noqa: S608
TREE = """
    SELECT c.id, c.parent_id, c.slug, c.name FROM shopkit_catalog_category c
    WHERE c.is_active ORDER BY c.tree_id, c.lft
"""
PRICED = """
    SELECT v.id, v.sku, v.name, p.id, p.slug, p.name, coalesce(v.sale_price, v.price),
        s.on_hand - s.reserved
    FROM shopkit_catalog_variant v
    JOIN shopkit_catalog_product p ON p.id = v.product_id
    JOIN shopkit_inventory_stockitem s ON s.variant_id = v.id
    WHERE v.id = ANY(%s) AND v.is_active AND p.is_active
"""

# The checkout writes to tables of its own: a number, a sum, lines. The stock is the shop's.
TABLES = """
    CREATE TABLE IF NOT EXISTS bench_order (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        number text NOT NULL UNIQUE,
        total bigint NOT NULL,
        placed_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE IF NOT EXISTS bench_orderline (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        order_id bigint NOT NULL REFERENCES bench_order,
        variant_id bigint NOT NULL,
        unit_price bigint NOT NULL
    );
    TRUNCATE bench_order, bench_orderline;
"""
RESERVE = """
    UPDATE shopkit_inventory_stockitem s SET reserved = s.reserved + 1
    FROM (
        SELECT i.id, coalesce(v.sale_price, v.price) AS price
        FROM shopkit_inventory_stockitem i
        JOIN shopkit_catalog_variant v ON v.id = i.variant_id
        WHERE i.variant_id = ANY(%s) ORDER BY i.id FOR UPDATE OF i
    ) AS held
    WHERE s.id = held.id AND s.on_hand > s.reserved
    RETURNING s.variant_id, held.price
"""
WRITE_ORDER = """
    WITH made AS (INSERT INTO bench_order (number, total) VALUES (%s, %s) RETURNING id)
    INSERT INTO bench_orderline (order_id, variant_id, unit_price)
    SELECT made.id, line.variant_id, line.unit_price
    FROM made, unnest(%s::bigint[], %s::bigint[]) AS line (variant_id, unit_price)
"""


def by_words(count: int) -> str:
    """Return the search for ``count`` words; ``words_asked`` gives its parameters."""
    of_words = " + ".join(
        ["CASE WHEN k LIKE %s THEN 5 WHEN k LIKE %s THEN 3 WHEN k LIKE %s THEN 1 ELSE 0 END"]
        * count
    )
    of_all = "CASE WHEN k LIKE %s THEN 100 WHEN k LIKE %s THEN 50 ELSE 0 END"
    best = f"({of_all} + {of_words})::bigint * 2147483648 + p.popularity DESC"
    return f"""
        {CARDS} WHERE p.is_active AND p.deleted_at IS NULL
            AND to_tsvector('simple'::regconfig, p.search_key) @@ %s::tsquery
        ORDER BY {best.replace("k LIKE", "p.search_key LIKE")}, p.id DESC LIMIT 20
    """


def words_asked(words: Sequence[str]) -> list[str]:
    """Return the parameters of ``by_words``."""
    phrase = " ".join(words)
    patterns = [f"%| {phrase} |%", f"%| {phrase}%"]
    for word in words:
        patterns += [f"%|% {word} %", f"%|% {word}%", f"%|%{word}%"]
    return [" & ".join(f"{word}:*" for word in words), *patterns]


def money(stored: int | None) -> str | None:
    """Return the contract's text of a stored amount of two digits: "150000.00"."""
    return None if stored is None else f"{stored // SCALE}.{stored % SCALE // 100:02}"


def card(row: Sequence[Any]) -> dict[str, Any]:
    """Return a product as the list shows it."""
    return {
        "id": row[0],
        "slug": row[1],
        "name": row[2],
        "category": {"id": row[3], "slug": row[4], "name": row[5]},
        "price": money(row[6]),
        "sale_price": money(row[7]),
        "price_min": money(row[8]),
        "price_max": money(row[9]),
        "currency": "UZS",
        "in_stock": row[10],
        "rating": {"average": row[11] / 100, "count": row[12]},
        "likes_count": row[13],
        "variant_id": row[14],
        "image": {"url": f"/media/{row[15]}", "alt": row[16], "sizes": {}},
    }
