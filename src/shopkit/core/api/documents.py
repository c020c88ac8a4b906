"""The API's own documents: OpenAPI 3.1, Swagger UI and ReDoc from local assets."""

from typing import Any

from django.apps import apps
from django.templatetags.static import static
from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny

from shopkit import __version__

from .views import ShopkitView

DOCUMENT_SETTINGS = {
    "TITLE": "Shop API",
    "DESCRIPTION": "Catalogue, cart, orders, payments and accounts of a shop built on shopkit.",
    "VERSION": __version__,
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PREPROCESSING_HOOKS": ["shopkit.core.api.documents.only_ours"],
}


def only_ours(endpoints: list[Any]) -> list[Any]:
    """Keep shopkit's endpoints in the document; a site's other APIs have their own."""
    return [one for one in endpoints if issubclass(getattr(one[3], "cls", object), ShopkitView)]


class _Public:
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()


class SchemaView(_Public, SpectacularAPIView):
    """The OpenAPI document, as YAML or JSON."""

    custom_settings = DOCUMENT_SETTINGS
    schema = None


class SwaggerView(_Public, SpectacularSwaggerView):
    """Swagger UI with an Authorize button."""

    schema = None

    @staticmethod
    def _swagger_ui_dist() -> str:
        return _static("swagger-ui-dist")

    @staticmethod
    def _swagger_ui_favicon() -> str:
        return _static("swagger-ui-dist/favicon-32x32.png")


class RedocView(_Public, SpectacularRedocView):
    """ReDoc."""

    schema = None

    @staticmethod
    def _redoc_dist() -> str:
        return _static("redoc")


def _static(name: str) -> str:
    return static(f"drf_spectacular_sidecar/{name}")


def document_urls(schema_name: str) -> list[URLPattern]:
    """Return the URLs of the documents; the two viewers need the extra ``docs-ui``.

    schema_name -- how the viewers reverse the document, namespace included
    """
    urls = [path("schema/", SchemaView.as_view(), name="schema")]
    if apps.is_installed("drf_spectacular_sidecar"):
        urls += [
            path("docs/", SwaggerView.as_view(url_name=schema_name), name="docs"),
            path("redoc/", RedocView.as_view(url_name=schema_name), name="redoc"),
        ]
    return urls
