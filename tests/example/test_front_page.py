"""The front page: what it links to, in which languages, at what cost."""

import re

import pytest

from .sites import Server, Site

STATEMENTS = """
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
with CaptureQueriesContext(connection) as seen:
    assert Client().get("/", headers={"host": "localhost"}).status_code == 200
print(json.dumps(len(seen)))
"""
REAL = {
    "DEBUG": "off",
    "USE_HTTPS": "off",
    "SECRET_KEY": "a-key-of-its-own-0123456789-0123456789",
    "TELEGRAM_BOT_TOKEN": "1234567890:a-token-of-its-own-0123456789abcdef",
    "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-its-own-0123",
}


def test_every_link_of_the_page_leads_somewhere(server: Server):
    status, page = server.get("/")

    links = set(re.findall(r'href="(/[^"]*)"', page))
    assert status == 200
    assert {
        "/admin/",
        "/api/v1/docs/",
        "/api/v1/redoc/",
        "/api/v1/schema/",
        "/api/v1/products/",
        "/api/v1/categories/",
        "/api/v1/products/?category=phones",
    } <= links
    assert {link: server.get(link)[0] for link in links} == dict.fromkeys(links, 200)


def test_the_page_needs_nothing_from_elsewhere(server: Server):
    _status, page = server.get("/")

    assert "<script" not in page
    assert [url for url in re.findall(r"https?://[^'\"]+", page) if "w3.org" not in url] == []


@pytest.mark.parametrize("path", ["/api/v1/docs/", "/api/v1/redoc/"])
def test_the_documents_load_their_viewers_from_the_shop_itself(server: Server, path):
    _status, page = server.get(path)

    assets = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert any(asset.endswith(".js") for asset in assets)
    assert [asset for asset in assets if not asset.startswith("/static/")] == []
    assert {asset: server.get(asset)[0] for asset in assets} == dict.fromkeys(assets, 200)


def test_the_page_shows_goods_with_prices_and_the_accounts(server: Server):
    _status, page = server.get("/")

    assert "<b>Carved wooden box</b>" in page
    assert "UZS\u00a0260,000 <s>UZS\u00a0320,000</s>" in page
    assert "<code>admin</code></td><td><code>demo-admin-1234</code>" in page
    assert "<code>aygul</code></td><td><code>demo-aygul-1234</code>" in page


def test_the_page_takes_two_statements(shop: Site):
    assert shop.ask(STATEMENTS) == 2


@pytest.mark.parametrize(
    ("accepted", "language", "title", "category"),
    [
        ("kaa", "kaa", "Kórsetpe dúkanı ashıq.", "Úy ushın"),
        ("kaa-UZ,ru;q=0.5", "kaa", "Kórsetpe dúkanı ashıq.", "Úy ushın"),
        ("uz", "uz", "Namoyish doʻkoni ochiq.", "Uy uchun"),
        ("ru", "ru", "Демонстрационный магазин открыт.", "Для дома"),
        ("de", "en", "The demo shop is open.", "Home"),
    ],
)
def test_the_page_speaks_the_languages_of_the_shop(server, accepted, language, title, category):
    _status, page = server.get("/", **{"Accept-Language": accepted})

    assert f'<html lang="{language}">' in page
    assert f"<h1>{title}</h1>" in page
    assert f">{category}</a>" in page
    assert ">English</button>" in page  # who is lost finds the way back


def test_without_debug_the_page_tells_no_password_and_the_admin_has_its_styles(migrated_shop: Site):
    with migrated_shop.serve(**REAL) as server:
        status, page = server.get("/")
        styles, _text = server.get("/static/admin/css/base.css")

    assert (status, styles) == (200, 200)
    assert "demo-admin-1234" not in page
    assert "The shop is empty." in page
