"""The demo shop, loaded once per worker, on the engine that the suite runs on."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.settings import ENGINE, SUFFIX

from .sites import Server, Site, example_site


@pytest.fixture(scope="session")
def database(worker_id: str) -> Iterator[dict[str, str]]:
    """Variables that name the database: none for SQLite, each part for an own one on PostgreSQL."""
    if ENGINE == "sqlite":
        yield {}
        return
    url = urlsplit(os.environ["DATABASE_URL"])
    name = sql.Identifier(f"demo_shopkit{SUFFIX}_{worker_id}")
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield {
            "DB_ENGINE": "django.db.backends.postgresql",
            "POSTGRES_DB": name.as_string(connection).strip('"'),
            "POSTGRES_USER": unquote(url.username or ""),
            "POSTGRES_PASSWORD": unquote(url.password or ""),
            "DB_HOST": url.hostname or "",
            "DB_PORT": str(url.port or ""),
        }
        connection.execute(drop)


CONTENTS = """
from demo.content import CUSTOMERS, PRODUCTS
from demo.services import STAFF
from django.contrib.auth import authenticate
from shopkit.accounts.services import profile_of
from shopkit.catalog.models import Attribute, AttributeValue, Category, Image, Product, Variant
from shopkit.catalog.services.tree import check_tree
from shopkit.inventory.models import Movement, StockItem
pictures = list(Image.objects.exclude(sizes={}))
files = {
    name
    for one in pictures
    for name in (one.file.name, *one.sizes.values())
    if one.file.storage.exists(name)
}
stock = dict(StockItem.objects.values_list("variant__sku", "on_hand"))
staff = authenticate(username=STAFF.username, password=STAFF.password)
users = [authenticate(username=one.username, password=one.password) for one in CUSTOMERS]
print(json.dumps({
    "roots": Category.objects.filter(parent=None).count(),
    "subcategories": Category.objects.exclude(parent=None).count(),
    "tree": check_tree(),
    "products": Product.objects.count(),
    "on sale": Product.objects.on_sale().count(),
    "in stock": Product.objects.filter(in_stock=True).count(),
    "pictures": [len({one.product_id for one in pictures}), len(pictures), len(files)],
    "attributes": Attribute.objects.count(),
    "untranslated": [
        one.value
        for one in AttributeValue.objects.filter(attribute__code__in=["colour", "material"])
        if one.missing_languages()
    ],
    "variants": Variant.objects.count(),
    "stock is as listed": stock == {v.sku: v.stock for p in PRODUCTS for v in p.variants},
    "units": sum(stock.values()),
    "units in the ledger": sum(Movement.objects.values_list("delta", flat=True)),
    "staff": [staff.is_staff, staff.is_superuser],
    "customers": [[user.username, user.is_staff] for user in users],
    "languages": [profile_of(user).language for user in users],
    "names": [user.get_full_name() for user in users][0],
    "e-mails": [user.email for user in users][0],
}))
"""


@dataclass(frozen=True)
class Loading:
    """What loading the demo said, and what there was right afterwards."""

    site: Site
    said: str
    contents: Any


@pytest.fixture(scope="session")
def loading(database: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Loading:
    """The demo shop, loaded once."""
    site = example_site(tmp_path_factory.mktemp("var"), **database)
    site.manage("migrate", "--verbosity", "0")
    said = site.manage("shopkit_demo")
    return Loading(site, said, site.ask(CONTENTS))


@pytest.fixture(scope="session")
def shop(loading: Loading) -> Site:
    """The demo shop with all its data; tests share it, each keeps to goods of its own."""
    return loading.site


@pytest.fixture(scope="session")
def server(shop: Site) -> Iterator[Server]:
    """The demo shop, answering."""
    with shop.serve() as running:
        yield running


@pytest.fixture
def empty_shop(tmp_path: Path) -> Site:
    """The example project on SQLite, before anything was made."""
    return example_site(tmp_path / "var")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the example project writes while it makes its tables."""
    var = tmp_path_factory.mktemp("migrated")
    example_site(var).manage("migrate", "--verbosity", "0")
    return var


@pytest.fixture
def migrated_shop(empty_shop: Site, migrated: Path) -> Site:
    """The example project on SQLite with empty tables."""
    shutil.copytree(migrated, empty_shop.environment["SHOPKIT_VAR"])
    return empty_shop
