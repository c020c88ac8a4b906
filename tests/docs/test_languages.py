"""The guides about languages, followed to the letter."""

import importlib
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import AppConfig
from django.conf.locale import LANG_INFO
from django.utils import translation
from django.utils.translation import get_language_info

from shopkit.catalog.models import Product
from shopkit.catalog.services.products import ProductData, VariantData, create_product
from shopkit.core.checks import check_fallbacks, check_languages, check_settings

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
pytestmark = pytest.mark.django_db


@pytest.fixture
def follow(tmp_path, monkeypatch, settings):
    """Write a guide's modules and apply its settings; return the settings it gives."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))

    def follow_guide(name):
        given = {}
        blocks = re.findall(r"```python\n# (\S+)\n(.*?)```", (GUIDES / name).read_text(), re.S)
        for path, code in blocks:
            if path == "settings.py":
                exec(code, given)  # noqa: S102 - our own pages
            else:
                (tmp_path / path).write_text(code)
        importlib.invalidate_caches()
        for setting in ("LANGUAGE_CODE", "LANGUAGES"):
            if setting in given:
                setattr(settings, setting, given[setting])
        settings.SHOPKIT = {**settings.SHOPKIT, **given["SHOPKIT"]}
        return given

    yield follow_guide
    for module in [name for name in sys.modules if name.split(".")[0] == "shop"]:
        del sys.modules[module]


def test_sell_in_several_languages(follow, client):
    follow("sell-in-several-languages.md")
    assert [*check_settings(), *check_languages(), *check_fallbacks()] == []
    texts = importlib.import_module("shop.texts")
    product = create_product(
        ProductData(
            name="Koʻylak",
            variants=[VariantData(price=Decimal(100), sku="S")],
            translations={"ru": {"name": "Рубашка"}},
        )
    )

    texts.rename(product, "kaa", "Kóylek")

    product = Product.objects.get()
    assert product.translations == {"ru": {"name": "Рубашка"}, "kaa": {"name": "Kóylek"}}
    names = {code: texts.name_in(product, code) for code in ("uz", "kaa", "ru", "en", "de")}
    assert names == {
        "uz": "Koʻylak",
        "kaa": "Kóylek",
        "ru": "Рубашка",
        "en": "Рубашка",
        "de": "Koʻylak",
    }
    answer = client.get("/api/v1/products/", headers={"Accept-Language": "en"})
    assert answer.json()["results"][0]["name"] == "Рубашка"
    assert answer.headers["Content-Language"] == "en"


def test_the_call_in_the_guide_does_what_it_says(as_staff):
    import json

    guide = (GUIDES / "sell-in-several-languages.md").read_text()
    body = json.loads(re.search(r"-d '(.*)'", guide)[1])
    product = create_product(
        ProductData(
            name="Shirt",
            variants=[VariantData(price=Decimal(100), sku="S")],
            translations={"ru": {"name": "Рубашка", "description": "…"}, "de": {"name": "Hemd"}},
        )
    )

    path = f"/api/v1/products/{product.pk}/"
    assert as_staff.patch(path, body, format="json").status_code == 200

    told = as_staff.get(f"{path}translations/").json()
    assert told["translations"] == {"ru": {"name": "Рубашка"}, "kaa": {"name": "Kóylek"}}


def test_add_a_language(follow, monkeypatch):
    monkeypatch.delitem(LANG_INFO, "crh", raising=False)
    follow("add-a-language.md")
    assert {one.id for one in check_languages()} == {"shopkit.core.W003", "shopkit.core.W004"}
    module = importlib.import_module("shop.apps")
    config = module.ShopConfig("shop", importlib.import_module("shop"))
    assert isinstance(config, AppConfig)

    config.ready()

    try:
        assert get_language_info("crh")["name_local"] == "qırımtatarca"
        assert [one.id for one in check_languages()] == ["shopkit.core.W004"]
        assert check_fallbacks() == []
        with translation.override("crh"):
            shown = Product(name="Cup", translations={"tr": {"name": "Fincan"}}).text("name")
        assert shown == "Fincan"
    finally:
        del LANG_INFO["crh"]
