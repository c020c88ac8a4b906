"""Pictures as Shopify's files name them: of the product in rows of their own, and of variants."""

from __future__ import annotations

from collections.abc import Sequence

from .reading import Row
from .records import ImageRecord, VariantRecord

LONGEST_ALT = 200


def read_pictures(rows: Sequence[Row], variants: Sequence[VariantRecord]) -> list[ImageRecord]:
    """Return the pictures of one product, each address once, in the order of the shop.

    One that is of a single variant is that variant's; one that several share is the product's,
    because a picture shows one variant or all.
    """
    skus = {one.line: one.sku for one in variants}
    owners: dict[str, list[str]] = {}
    for row in rows:
        if (url := row.text("variant image")) and row.line in skus:
            owners.setdefault(url, []).append(skus[row.line])
    found: dict[str, ImageRecord] = {}
    for row in rows:
        for column in ("image src", "variant image"):
            url = row.text(column)
            if url and url not in found:
                own = owners.get(url, [])
                found[url] = ImageRecord(
                    row.line,
                    url,
                    alt=row.text("image alt text")[:LONGEST_ALT] if column == "image src" else "",
                    sku=own[0] if len(own) == 1 else "",
                    position=_position(row) if column == "image src" else len(rows) + len(found),
                )
    return sorted(found.values(), key=lambda one: one.position)


def _position(row: Row) -> int:
    text = row.text("image position")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
