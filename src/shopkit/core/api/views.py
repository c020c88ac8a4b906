"""The base view: read the input, call one service, write the output."""

from collections.abc import Callable, Mapping
from datetime import timezone as offset
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from .filters import StrictFilterBackend
from .pagination import ListPagination
from .parsers import BoundedJSONParser
from .permissions import AllowAny
from .problems import answer_error
from .renderers import JsonRenderer
from .schema import ShopkitSchema

Serializers = Mapping[str, type[BaseSerializer[Any]]]


class AlwaysJson(BaseContentNegotiation):
    """JSON whatever ``Accept`` says (RFC 9110 lets a server do so), so errors have one shape."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Return the parser of the body's media type, or None for 415."""
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((one for one in parsers if one.media_type == media_type), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        """Return the one renderer there is."""
        return renderers[0], renderers[0].media_type


class ShopkitView(GenericAPIView[Any]):
    """The doorway every endpoint is built from. Authentication and throttling are the site's.

    input_classes, output_classes -- serializer by HTTP method; override an entry in a subclass to
        change the shape of the API without touching the rules
    success_statuses -- HTTP status by method where it is not 200 (201 for POST, 204 for DELETE)
    beside_classes -- serializer by name of what GET may answer beside a page's rows
    is_list -- GET answers many rows: pages with ``pagination_class``, else a plain array
    is_cacheable -- GET carries an ETag and answers 304
    tags -- heading in the API documentation
    route_name -- URL name; set where the URL is made
    """

    input_classes: ClassVar[Serializers] = {}
    output_classes: ClassVar[Serializers] = {}
    success_statuses: ClassVar[Mapping[str, int]] = {}
    beside_classes: ClassVar[Serializers] = {}
    is_list: ClassVar[bool] = False
    is_cacheable: ClassVar[bool] = False
    tags: ClassVar[tuple[str, ...]] = ()
    route_name = ""

    permission_classes: Any = ()
    parser_classes = (BoundedJSONParser,)
    renderer_classes = (JsonRenderer,)
    content_negotiation_class = AlwaysJson
    filter_backends = (StrictFilterBackend,)
    pagination_class: Any = ListPagination
    metadata_class = None
    versioning_class = None
    schema = ShopkitSchema()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:  # type: ignore[override]
        """Return the view function; it manages its own transactions."""
        if not cls.permission_classes:
            raise TypeError(f"{cls.__name__} must name its permission_classes.")
        view: Callable[..., HttpResponseBase] = super().as_view(**initkwargs)
        if cls.is_cacheable:
            view = _conditional(view)
        return transaction.non_atomic_requests(view)

    def read(self, request: Request) -> dict[str, Any]:
        """Return the validated body. Raises DRF's ValidationError (HTTP 400)."""
        given = self.input_classes[str(request.method)](
            data=request.data, partial=request.method == "PATCH", context={"request": request}
        )
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def write(self, result: Any, *, status: int | None = None, **context: Any) -> Response:
        """Return ``result`` in the output shape of this method."""
        if status is None:
            status = self.success_status(str(self.request.method))
        return Response(self.show(result, **context), status=status)

    @classmethod
    def success_status(cls, method: str) -> int:
        """Return what a call by ``method`` answers when all went well."""
        usual = {"POST": 201, "DELETE": 204}.get(method, 200)
        return cls.success_statuses.get(method, usual)

    def show(self, result: Any, *, many: bool = False, **context: Any) -> Any:
        """Return ``result`` as JSON-ready data in the output shape of this method."""
        method = "GET" if self.request.method == "HEAD" else str(self.request.method)
        chosen = self.output_classes[method]
        context = {"request": self.request, **context}
        with timezone.override(offset.utc):  # the contract's times, whatever the site's own zone is
            if many and not hasattr(getattr(chosen, "Meta", None), "list_serializer_class"):
                # What REST framework's list does, without making one.
                one = chosen(context=context)
                return [one.to_representation(row) for row in result]
            return chosen(result, many=many, context=context).data

    def write_page(self, rows: QuerySet[Any], **context: Any) -> Response:
        """Return one page of ``rows``, filtered as the query asks."""
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(self.show(page, many=True, **context))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the caching headers: ask again each time for the catalogue, never keep the rest."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.is_cacheable and request.method in {"GET", "HEAD"}:
            response.headers.setdefault("Cache-Control", "no-cache")
            patch_vary_headers(response, ("Authorization", "Cookie", "Accept-Language"))
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def get_exception_handler(self) -> Callable[..., Response]:
        """Answer errors as problem+json, whatever the site's own handler does."""
        return answer_error

    def get_authenticate_header(self, request: Request) -> str:
        """Make "not signed in" 401 under every authentication class."""
        return super().get_authenticate_header(request) or "Bearer"


def _conditional(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """Give successful reads an ETag, HEAD too, and answer 304 to whoever has that one."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponse = view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"} or response.status_code != HTTPStatus.OK:
            return response
        if hasattr(response, "render"):
            response.render()
        if not response.has_header("ETag"):
            set_response_etag(response)
        etag = response["ETag"]
        return get_conditional_response(request, etag=etag, response=response) or response

    return answer


class NotFoundView(ShopkitView):
    """What no route matched: 404 as problem+json, or the way to the same path with a slash."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = ()
    schema = None  # type: ignore[assignment]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Send a GET that only lacks its last slash on; refuse everything else."""
        if request.method in {"GET", "HEAD"} and not request.path_info.endswith("/"):
            try:
                found = resolve(f"{request.path_info}/", getattr(request, "urlconf", None))
            except Resolver404:
                found = None
            if found is not None and getattr(found.func, "cls", None) is not type(self):
                return redirect(request.get_full_path(force_append_slash=True), permanent=True)
        return super().dispatch(request, *args, **kwargs)

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Answer 404 to every method."""
        raise NotFound
