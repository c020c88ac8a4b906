"""Filling a database by COPY. Django is set up with it as the default database."""

import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from psycopg import sql

from shopkit.catalog import models as catalog
from shopkit.catalog.search.keys import category_key
from shopkit.inventory.models import Movement, StockItem

from . import catalogue
from .databases import Database

CHUNK = 1_000


class Bar:
    """Progress on standard error: a line that grows on a terminal, a few lines elsewhere."""

    def __init__(self, label: str, total: int) -> None:
        self.label, self.total, self.begun = label, total, time.monotonic()
        self.is_terminal = sys.stderr.isatty()
        self.shown = 0

    def at(self, done: int) -> None:
        """Show how far we are."""
        percent = 100 * done // self.total
        step = 1 if self.is_terminal else 25
        if percent // step == self.shown // step and done < self.total:
            return
        self.shown = percent
        bar = "#" * (percent // 5)
        seconds = time.monotonic() - self.begun
        start, end = ("\r", "") if self.is_terminal and done < self.total else ("", "\n")
        if self.is_terminal:
            start = "\r"
        sys.stderr.write(f"{start}{self.label} [{bar:<20}] {percent:3}% {seconds:5.0f} s{end}")
        sys.stderr.flush()


def prepare(database: Database) -> None:
    """Migrate the database to this version of the shop, and fill it if it is new."""
    call_command("migrate", verbosity=0)
    if not database.is_loaded():
        fill(database)
        database.sign()


def fill(database: Database) -> None:
    """Load the catalogue by COPY, a thousand products at a time, and make the planner know it."""
    with psycopg.connect(database.url) as link:
        copy_frame(link)
        bar = Bar(f"{database.name}: loading", database.size)
        for first in range(1, database.size + 1, CHUNK):
            last = min(first + CHUNK - 1, database.size)
            copy_products(link, catalogue.products(first, last))
            link.commit()
            bar.at(last)
        count_listings(link)
        _reset_sequences(link)
    with psycopg.connect(database.url, autocommit=True) as link:
        link.execute("VACUUM ANALYZE")


def copy_frame(link: psycopg.Connection) -> None:
    """Copy categories, attributes and their values."""
    columns = ("id", "name", "slug", "parent_id", "position", "tree_id", "lft", "rght", "level")
    nodes = ((*one, category_key(one.name, {})) for one in catalogue.categories())
    copy(link, catalog.Category, (*columns, "search_key"), nodes)
    kinds = [
        (pk, code, name, "choice", code != "material", pk)
        for pk, code, name, _values in catalogue.ATTRIBUTES
    ]
    columns = ("id", "code", "name", "type", "is_variant", "position")
    copy(link, catalog.Attribute, columns, kinds)
    values = [
        (catalogue.OFFSETS[pk] + place, pk, value, place)
        for pk, _code, _name, own in catalogue.ATTRIBUTES
        for place, value in enumerate(own)
    ]
    copy(link, catalog.AttributeValue, ("id", "attribute_id", "value", "position"), values)


def copy_products(link: psycopg.Connection, made: Sequence[catalogue.Product]) -> None:
    """Copy products with all that hangs on them, cached columns and listings included."""
    variants = [(one, variant) for one in made for variant in one.variants]
    copy(link, catalog.Product, PRODUCT_COLUMNS, map(_product_row, made))
    copy(link, catalog.Image, IMAGE_COLUMNS, map(_image_row, made))
    copy(
        link,
        catalog.Product.categories.through,
        ("product_id", "category_id"),
        ((one.pk, leaf) for one in made for leaf in one.categories),
    )
    copy(
        link,
        catalog.Listing,
        ("product_id", "category_id", "price"),
        ((one.pk, place, one.cheapest.unit_price) for one in made for place in one.places),
    )
    copy(
        link,
        catalog.ProductAttributeValue,
        ("product_id", "attribute_id", "value_id"),
        ((one.pk, 3, catalogue.OFFSETS[3] + one.material) for one in made),
    )
    copy(link, catalog.Variant, VARIANT_COLUMNS, (_variant_row(*pair) for pair in variants))
    copy(
        link,
        catalog.VariantAttributeValue,
        ("variant_id", "attribute_id", "value_id"),
        (
            (one.pk, attribute, catalogue.OFFSETS[attribute] + value)
            for _product, one in variants
            for attribute, value in ((1, one.colour), (2, one.size))
        ),
    )
    copy(
        link,
        StockItem,
        ("id", "variant_id", "on_hand"),
        ((one.pk, one.pk, one.on_hand) for _product, one in variants),
    )
    copy(
        link,
        Movement,
        ("item_id", "delta", "on_hand_after", "reason"),
        (
            (one.pk, one.on_hand, one.on_hand, "initial")
            for _product, one in variants
            if one.on_hand
        ),
    )


def count_listings(link: psycopg.Connection) -> None:
    """Write down how many products each category lists."""
    link.execute(
        sql.SQL(
            "INSERT INTO {} (category_id, products) SELECT category_id, count(*) FROM {} GROUP BY 1"
        ).format(
            sql.Identifier(catalog.ListingCount._meta.db_table),
            sql.Identifier(catalog.Listing._meta.db_table),
        )
    )


PRODUCT_COLUMNS = (
    "id", "name", "slug", "description", "category_id", "created_at", "price", "sale_price",
    "price_min", "price_max", "on_sale", "in_stock", "primary_image_id", "search_key",
    "popularity",
)  # fmt: skip
IMAGE_COLUMNS = ("id", "product_id", "file", "alt", "width", "height")
VARIANT_COLUMNS = (
    "id", "product_id", "sku", "name", "price", "sale_price", "position", "combination",
)  # fmt: skip
DESCRIPTION = "Made by hand of {material}, in small numbers, to be used every day for many years. "


def _product_row(one: catalogue.Product) -> tuple[Any, ...]:
    prices = [variant.unit_price for variant in one.variants]
    return (
        one.pk,
        one.name,
        one.slug,
        DESCRIPTION.format(material=catalogue.MATERIALS[one.material].lower()) * 4,
        one.categories[0],
        one.created_at,
        one.cheapest.price,
        one.cheapest.sale_price,
        min(prices),
        max(prices),
        any(variant.sale_price is not None for variant in one.variants),
        any(variant.on_hand for variant in one.variants),
        one.pk,
        one.search_words,
        one.popularity,
    )


def _image_row(one: catalogue.Product) -> tuple[Any, ...]:
    return (one.pk, one.pk, f"products/{one.pk}.webp", one.name, 1_200, 1_200)


def _variant_row(one: catalogue.Product, variant: catalogue.Variant) -> tuple[Any, ...]:
    return (
        variant.pk,
        one.pk,
        variant.sku,
        variant.name,
        variant.price,
        variant.sale_price,
        variant.pk % 4,
        variant.combination,
    )


def copy(
    link: psycopg.Connection, model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Copy ``rows`` into a model's table; columns that are not named get the model's default."""
    rest = _defaults(model, columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, (*columns, *rest))),
    )
    tail = tuple(rest.values())
    with link.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row((*row, *tail))


def _defaults(model: Any, named: Sequence[str]) -> dict[str, Any]:
    """Return {column: stored value} of what neither the row nor the database itself fills in."""
    found = {}
    for field in model._meta.local_concrete_fields:
        is_filled = field.column in named or field.has_db_default() or field.generated
        if is_filled or field.get_internal_type() in {"AutoField", "BigAutoField"}:
            continue
        is_stamp = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        value = catalogue.BEGIN if is_stamp else field.get_default()
        found[field.column] = field.get_db_prep_save(value, connection)
    return found


def _reset_sequences(link: psycopg.Connection) -> None:
    """Let the next row of every table get a key that is free."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        link.execute(statement)


def tidy(database: Database) -> None:
    """Take back what an earlier run left: its orders and whatever hangs on them, and its holds."""
    names = [
        model._meta.db_table
        for label in ("shopkit_core", "shopkit_cart", "shopkit_orders", "shopkit_payments")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    names.append("shopkit_inventory_reservation")
    with psycopg.connect(database.url, autocommit=True) as link:
        link.execute(
            sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, names)))
        )
        link.execute("UPDATE shopkit_inventory_stockitem SET reserved = 0 WHERE reserved <> 0")
