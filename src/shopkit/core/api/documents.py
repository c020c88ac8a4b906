"""The API's own documents: OpenAPI 3.1, and Swagger UI and ReDoc from local assets."""

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.views import View
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from shopkit import __version__

from .problems import answer_error
from .views import ShopkitView

SIDECAR = "drf_spectacular_sidecar"

# Choices are written where they are used (no enum hook): as components they would need a name for
# every "status" and "kind", which only the site's own settings could give.
DOCUMENT_SETTINGS: dict[str, Any] = {
    "TITLE": "Shop API",
    "DESCRIPTION": "Catalogue, cart, orders, payments and accounts of a shop built on shopkit.",
    "VERSION": __version__,
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PREPROCESSING_HOOKS": ["shopkit.core.api.documents.only_ours"],
    "POSTPROCESSING_HOOKS": [],
}


def only_ours(endpoints: list[Any]) -> list[Any]:
    """Keep shopkit's endpoints in the document; a site's other APIs have their own."""
    return [one for one in endpoints if issubclass(getattr(one[3], "cls", object), ShopkitView)]


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, as YAML or JSON."""

    custom_settings = DOCUMENT_SETTINGS
    authentication_classes: Any = ()
    permission_classes: Any = (AllowAny,)
    throttle_classes: Any = ()
    versioning_class = None
    schema = None

    def get_exception_handler(self) -> Any:
        """Answer errors as the rest of the API does."""
        return answer_error

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Write errors as JSON whatever form the document was asked in."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if getattr(response, "exception", False):
            response.accepted_renderer = JSONRenderer()
        return response


class DocumentPage(View):
    """A page that shows the OpenAPI document in the browser.

    Everything it loads comes from the site's own static files; a Content-Security-Policy keeps
    the viewers from calling home.
    """

    http_method_names = ["get", "head", "options"]  # noqa: RUF012 - Django's form
    template_name = ""
    schema_name = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        page = render(request, self.template_name, {"schema_url": reverse(self.schema_name)})
        page.headers["Content-Security-Policy"] = _own_hosts_only()
        return page


def _own_hosts_only() -> str:
    assets = urlsplit(static(f"{SIDECAR}/"))
    own = f"'self' {assets.scheme}://{assets.netloc}" if assets.netloc else "'self'"
    return (
        f"default-src {own}; script-src {own} 'unsafe-inline'; style-src {own} 'unsafe-inline'; "
        f"img-src {own} data:; worker-src {own} blob:"
    )


def document_urls(schema_name: str) -> list[URLPattern]:
    """Return the URLs of the documents; the two viewers need the extra ``docs-ui``.

    schema_name -- how the viewers reverse the document, namespace included
    """
    urls = [path("schema/", SchemaView.as_view(), name="schema")]
    if apps.is_installed(SIDECAR):
        urls += [
            path(f"{page}/", _page(template, schema_name), name=page)
            for page, template in (("docs", "swagger.html"), ("redoc", "redoc.html"))
        ]
    return urls


def _page(template: str, schema_name: str) -> Any:
    return DocumentPage.as_view(template_name=f"shopkit_core/{template}", schema_name=schema_name)
