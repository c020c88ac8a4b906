"""Imports at the same time, with real commits."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from shopkit.catalog.imports.products import import_products
from shopkit.catalog.models import Attribute, Category, Product
from shopkit.catalog.services.tree import check_tree

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]

HEADER = "Handle,Title,Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price"


def test_files_that_share_names_make_each_of_them_once(tmp_path: Path) -> None:
    def run(number: int) -> int:
        path = tmp_path / f"{number}.csv"
        # The first product is in all files; the others differ but share vendor, type and option.
        rows = ["same,Same,V,T > U,Size,M,SAME,1"]
        rows += [f"p-{number}-{n},P,V,T > U,Size,{n},SKU-{number}-{n},1" for n in range(10)]
        path.write_text("\n".join([HEADER, *rows, ""]))
        try:
            return import_products(path).failed
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        failed = list(pool.map(run, range(4)))

    # Only the product that all wanted to make may have failed, and is there.
    assert all(number <= 1 for number in failed)
    assert Product.objects.count() == 41
    assert sorted(Category.objects.values_list("name", flat=True)) == ["T", "U"]
    assert sorted(Attribute.objects.values_list("code", flat=True)) == ["size", "vendor"]
    assert check_tree() == []
