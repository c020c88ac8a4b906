"""The importers on real files, which are not ours to ship: SHOPKIT_REAL_DATA names their folder."""

import os
from pathlib import Path

import pytest
from django.core.management import call_command

from shopkit.catalog.models import Category, Product
from shopkit.catalog.services.tree import check_tree

FOLDER = os.environ.get("SHOPKIT_REAL_DATA", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not FOLDER,
        reason="skipped: no real files (set SHOPKIT_REAL_DATA to the folder with Google's"
        " taxonomies and a Shopify export)",
    ),
]


def test_googles_taxonomy_in_two_languages(capsys):
    english = str(Path(FOLDER) / "google-taxonomy.en-US.txt")
    russian = str(Path(FOLDER) / "google-taxonomy.ru-RU.txt")

    for expected in ("created 5582, ", "created 0, updated 0, unchanged 5582, failed 0"):
        call_command("shopkit_import_categories", english, format="google")
        assert capsys.readouterr().out.startswith(expected)
    call_command("shopkit_import_categories", russian, format="google", language="ru")

    assert "failed 0" in capsys.readouterr().out
    assert Category.objects.get(metadata__google_id=1).translations["ru"]["name"]
    assert check_tree() == []


def test_a_shopify_export(capsys):
    path = str(Path(FOLDER) / "shopify-apparel.csv")

    for expected in ("created 20, ", "created 0, updated 0, unchanged 20, failed 0"):
        call_command("shopkit_import_products", path, format="shopify", images=False)
        assert capsys.readouterr().out.startswith(expected)

    assert Product.objects.count() == 20
