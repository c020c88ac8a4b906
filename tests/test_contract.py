"""The contract as a whole: who may call what, and whether the documents tell it all."""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.core.cache import cache
from django.urls import URLResolver

from shopkit import urls
from shopkit.core.api.views import NotFoundView, ShopkitView

pytestmark = pytest.mark.django_db

API = "/api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")
SAMPLES = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1", "slug": "x"}

# Everything that is no call for somebody in particular. A new route is private until it is
# written down here.
PUBLIC = {
    "auth-register": {"post"},
    "auth-login": {"post"},
    "auth-refresh": {"post"},
    "auth-email-confirm": {"post"},
    "auth-login-verify": {"post"},
    "auth-otp": {"post"},
    "auth-otp-verify": {"post"},
    "auth-password-forgot": {"post"},
    "auth-password-reset": {"post"},
    "auth-telegram": {"post"},
    "auth-telegram-mini-app": {"post"},
    "category-list": {"get"},
    "category-detail": {"get"},
    "product-list": {"get"},
    "search-suggest": {"get"},
    "product-detail": {"get"},
    "product-related": {"get"},
    "attribute-list": {"get"},
    "attribute-detail": {"get"},
    "attribute-values": {"get"},
    "attribute-value-detail": {"get"},
    "product-type-list": {"get"},
    "product-type-detail": {"get"},
    "cart-detail": {"get", "delete"},
    "cart-items": {"post"},
    "cart-item-detail": {"patch", "delete"},
    "product-reviews": {"get"},
    "review-list": {"get"},
    "review-detail": {"get"},
    "order-list": {"post"},
    "checkout": {"post"},
    "payment-providers": {"get"},
    # Vendors prove themselves by a secret or a signature; their apps test that.
    "sms-status": {"post"},
    "telegram-webhook": {"post"},
    "payment-webhook": {"post"},  # the gateway proves itself
}

CONTRACT = """
POST auth/register/
POST auth/login/
POST auth/login/verify/
POST auth/email/confirm/
POST auth/otp/
POST auth/otp/verify/
POST auth/telegram/
POST auth/telegram/mini-app/
POST auth/password/forgot/
POST auth/password/reset/
PUT profile/photo/
DELETE profile/photo/
POST profile/phone/
POST profile/phone/verify/
POST profile/email/
POST profile/email/verify/
PUT profile/two-factor/
GET profile/addresses/
POST profile/addresses/
GET profile/addresses/{}/
PATCH profile/addresses/{}/
DELETE profile/addresses/{}/
POST telegram/webhook/
POST auth/refresh/
POST auth/logout/
GET auth/sessions/
DELETE auth/sessions/{}/
POST auth/password/change/
GET profile/
PATCH profile/
GET categories/
POST categories/
GET categories/{}/
PATCH categories/{}/
DELETE categories/{}/
GET products/
POST products/
GET products/{}/
PUT products/{}/
PATCH products/{}/
DELETE products/{}/
GET products/{}/related/
PUT products/{}/related/
POST products/{}/variants/
POST products/{}/images/
PATCH images/{}/
DELETE images/{}/
PATCH variants/{}/
DELETE variants/{}/
GET attributes/
POST attributes/
PATCH attributes/{}/
DELETE attributes/{}/
GET attributes/{}/values/
POST attributes/{}/values/
PATCH attributes/{}/values/{}/
DELETE attributes/{}/values/{}/
GET product-types/
POST product-types/
GET product-types/{}/
PATCH product-types/{}/
DELETE product-types/{}/
POST products/{}/variants/generate/
PATCH variants/{}/stock/
PUT variants/{}/stock-wish/
DELETE variants/{}/stock-wish/
GET stock-wishes/
GET products/{}/reviews/
POST products/{}/reviews/
PUT products/{}/like/
DELETE products/{}/like/
GET reviews/
POST reviews/
GET reviews/{}/
PATCH reviews/{}/
PUT reviews/{}/
DELETE reviews/{}/
GET likes/
GET search/suggest/
GET cart/
DELETE cart/
POST cart/items/
PATCH cart/items/{}/
DELETE cart/items/{}/
POST cart/merge/
GET orders/
POST orders/
POST checkout/
GET orders/{}/
DELETE orders/{}/
POST orders/{}/cancel/
PATCH orders/{}/status/
POST orders/{}/mark-paid/
POST orders/{}/claim/
GET payments/providers/
GET notifications/
POST notifications/{}/read/
POST notifications/read-all/
GET notifications/preferences/
PATCH notifications/preferences/
GET orders/{}/payments/
POST orders/{}/payments/
""".strip().splitlines()


def routes(patterns, prefix=""):
    """Yield (name, path, view) of everything built on our view."""
    for one in patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, path)
        elif issubclass(getattr(one.callback, "cls", object), ShopkitView):
            yield one.name, path, one.callback.cls


ROUTES = [found for found in routes(urls.urlpatterns) if found[2] is not NotFoundView]
CALLS = [
    (name, method, path)
    for name, path, view in ROUTES
    for method in METHODS
    if hasattr(view, method)
]
PRIVATE = [call for call in CALLS if call[1] not in PUBLIC.get(call[0], ())]


def sample(path):
    """Fill in what a path asks for."""
    return API + re.sub(r"<(\w+):\w+>", lambda found: SAMPLES[found[1]], path)


@pytest.fixture
def document(client):
    """The OpenAPI document, as it is served."""
    cache.clear()
    response = client.get(f"{API}schema/?format=json")
    assert response.status_code == 200
    return response.json()


@pytest.fixture
def operations(document):
    """{"GET orders/{}/": operation} of the document."""
    return {
        f"{method.upper()} {re.sub('{[^}]*}', '{}', path).removeprefix(API)}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def test_every_view_names_who_may_call():
    assert len(ROUTES) > 25
    assert [name for name, _, view in ROUTES if not view.permission_classes] == []


def test_what_is_public_is_there():
    calls = {(name, method) for name, method, _ in CALLS}

    assert {(name, one) for name, methods in PUBLIC.items() for one in methods} <= calls


@pytest.mark.parametrize(("name", "method", "path"), PRIVATE)
def test_all_else_is_401_for_nobody(client, name, method, path):
    response = getattr(client, method)(sample(path), {}, format="json")

    assert response.status_code == 401, name
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("name", "method", "path"), [call for call in CALLS if call not in PRIVATE]
)
def test_what_is_public_asks_nobody_who_they_are(client, name, method, path):
    cache.clear()
    body = None if method == "get" else {}

    response = getattr(client, method)(sample(path), body, format="json")

    assert response.status_code in {200, 204, 400, 403, 404, 409}, (name, response.content)


@pytest.mark.parametrize("call", CONTRACT)
def test_the_document_has_every_call_of_the_contract(operations, call):
    assert call in operations


def test_the_document_has_every_route_and_nothing_else(operations):
    ours = {f"{method.upper()} {re.sub('<[^>]*>', '{}', path)}" for _, method, path in CALLS}

    assert operations.keys() == ours


def test_the_document_is_openapi_3_1(document):
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"] == "Shop API"


def test_no_two_operations_share_a_name(operations):
    names = [operation["operationId"] for operation in operations.values()]

    assert len(names) == len(set(names))


def test_every_error_is_documented_as_a_problem(operations):
    for call, operation in operations.items():
        answers = operation["responses"]
        assert {"400", "429", "500", "503"} <= answers.keys(), call
        assert any(code.startswith("2") for code in answers), call
        for code in (code for code in answers if code >= "400"):
            assert answers[code]["content"].keys() == {"application/problem+json"}, (call, code)


def test_every_reference_of_the_document_leads_somewhere(document):
    wanted = set(re.findall(r"#/components/schemas/([\w.]+)", str(document)))

    assert wanted
    assert wanted <= document["components"]["schemas"].keys()


class Loaded(HTMLParser):
    """Collects what a page loads."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        """Remember every address."""
        self.found += [value for name, value in attrs if name in {"src", "href"}]


@pytest.mark.skipif(
    not apps.is_installed("drf_spectacular_sidecar"), reason="needs the extra docs-ui"
)
@pytest.mark.parametrize("page", ["docs/", "redoc/"])
def test_a_page_of_the_documents_loads_nothing_from_another_host(client, page):
    response = client.get(API + page)
    loaded = Loaded()
    loaded.feed(response.content.decode())

    assert response.status_code == 200
    assert loaded.found
    assert [url for url in loaded.found if not url.startswith("/static/")] == []
    assert "//" not in re.sub(r"/static/\S+", "", response.content.decode())
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "http" not in response["Content-Security-Policy"]
    assert f"{API}schema/" in response.content.decode().replace("\\u002D", "-")
