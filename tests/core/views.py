"""Endpoints that go wrong on purpose, or show what they read."""

import time
from typing import Any

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404, HttpResponse
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle

from shopkit.catalog.models import Category
from shopkit.core.api.permissions import AllowAny, IsAuthenticated, IsStaff
from shopkit.core.api.views import ShopkitView
from shopkit.core.errors import BackendError, Forbidden, NotSignedIn, RateLimited, Refusal
from shopkit.core.idempotency import KeyReused

SECRET = "secret-5150"


class SoldOut(Refusal):
    """A refusal with facts."""

    code = "sold_out"
    message = "There is not enough."


ERRORS: dict[str, Any] = {
    "http404": lambda: Http404(SECRET),
    "django-denied": lambda: DjangoPermissionDenied(SECRET),
    "forbidden": Forbidden,
    "not-signed-in": NotSignedIn,
    "refusal": lambda: SoldOut(variant_id=7, available=2),
    "refusal-that-shadows": lambda: SoldOut(status="paid", code="mine", detail="mine"),
    "rate-limited": lambda: RateLimited(retry_after=31),
    "backend": BackendError,
    "backend-later": lambda: BackendError(retry_after=60),
    "key-reused": KeyReused,
    "integrity": lambda: IntegrityError(f"Key (email)=({SECRET}) already exists."),
    "suspicious": lambda: SuspiciousOperation(SECRET),
    "bad-request": lambda: BadRequest(SECRET),
    "too-big": lambda: RequestDataTooBig(SECRET),
    "bug": lambda: RuntimeError(f"SELECT password FROM users -- {SECRET}"),
    "django-fields": lambda: ValidationError(
        {"phone": ValidationError("Not a number: %(it)s.", "bad_phone", {"it": "x"})}
    ),
    "django-two-fields": lambda: ValidationError({"a": ["One.", "Two."], "b": ["Three."]}),
    "django-list": lambda: ValidationError(["One.", "Two."]),
    "django-one": lambda: ValidationError("No such thing.", code="unknown_thing"),
    "django-plain": lambda: ValidationError("No."),
    "django-all": lambda: ValidationError({"__all__": ValidationError("Pick one.", "pick_one")}),
    "drf-plain": lambda: exceptions.ValidationError("No."),
    "drf-code": lambda: exceptions.ValidationError("No such thing.", code="unknown_thing"),
    "drf-teapot": lambda: exceptions.APIException("Odd.", code="odd"),
}


class RaisingView(ShopkitView):
    """Raises the error that the URL names."""

    permission_classes = (AllowAny,)

    def get(self, request: Any, kind: str) -> Response:
        """Never return."""
        raise ERRORS[kind]()


class SignedInView(ShopkitView):
    """For users."""

    permission_classes = (IsAuthenticated,)

    def get(self, request: Any) -> Response:
        """Return nothing much."""
        return Response({})


class StaffView(SignedInView):
    """For staff."""

    permission_classes = (IsStaff,)


class OncePerMinute(SimpleRateThrottle):
    """One call a minute, of all callers together."""

    rate = "1/min"
    scope = "core-tests"

    def get_cache_key(self, request: Any, view: Any) -> str:
        """Return the one key."""
        return "core-tests"


class ThrottledView(SignedInView):
    """For the patient."""

    permission_classes = (AllowAny,)
    throttle_classes = (OncePerMinute,)


class LineInput(serializers.Serializer[Any]):
    """One line."""

    sku = serializers.CharField(max_length=5)
    quantity = serializers.IntegerField(min_value=1)


class BasketInput(serializers.Serializer[Any]):
    """A nested body."""

    lines = LineInput(many=True)
    tags = serializers.ListField(child=serializers.IntegerField(), required=False)
    contact = LineInput(required=False)

    def validate(self, attrs: Any) -> Any:
        """Refuse what no single field is to blame for."""
        if not attrs["lines"]:
            raise serializers.ValidationError("Nothing is in it.", code="empty")
        return attrs


class BasketView(ShopkitView):
    """Reads a nested body."""

    permission_classes = (AllowAny,)
    input_classes = {"POST": BasketInput}  # noqa: RUF012 - as views of the house write it

    def post(self, request: Any) -> Response:
        """Return what was read."""
        return Response(self.read(request), status=201)


class EchoView(ShopkitView):
    """Returns the parsed body."""

    permission_classes = (AllowAny,)

    def post(self, request: Any) -> Response:
        """Return it."""
        return Response({"data": request.data})


class DuplicateView(ShopkitView):
    """Writes a row that breaks a unique constraint."""

    permission_classes = (AllowAny,)

    def post(self, request: Any) -> Response:
        """Never return."""
        with transaction.atomic():
            Category.objects.update(slug=SECRET)
        return Response({})


class WaitingView(ShopkitView):
    """Writes to rows that somebody else holds, with very little patience."""

    permission_classes = (AllowAny,)

    def post(self, request: Any) -> Response:
        """Write, or be told that the shop is busy."""
        is_sqlite = connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            if is_sqlite:
                cursor.execute("PRAGMA busy_timeout = 50")
            try:
                with transaction.atomic():
                    if not is_sqlite:
                        cursor.execute("SET LOCAL lock_timeout = '50ms'")
                    Category.objects.update(position=5)
            finally:
                if is_sqlite:
                    cursor.execute("PRAGMA busy_timeout = 20000")
        return Response({})


class SqlView(ShopkitView):
    """Runs what a test hands in, in one transaction: ``SQL``, statement by statement."""

    permission_classes = (AllowAny,)

    def post(self, request: Any) -> Response:
        """Run it; an empty statement is a short pause."""
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in request.data["sql"]:
                if statement:
                    cursor.execute(statement)
                else:
                    time.sleep(0.3)
        return Response({})


def page(request: Any) -> HttpResponse:
    """A page of the site, which is no endpoint of ours."""
    return HttpResponse("A page.")


class BreakingMiddleware:
    """Fails before any view is reached, as a session does whose table cannot be read."""

    error: Any = None

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        """Fail."""
        raise self.error


class MissingTableView(ShopkitView):
    """Asks for a table that is not there: a bug, not a busy shop."""

    permission_classes = (AllowAny,)

    def get(self, request: Any) -> Response:
        """Never return."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
        return Response({})


class HonestView(SignedInView):
    """Takes the place of ``SignedInView`` as a site's own view would."""

    def get(self, request: Any) -> Response:
        """Return what ours does not."""
        return Response({"by": "the site"})


class UnrelatedView(ShopkitView):
    """A view of ours, but no ``SignedInView``."""

    permission_classes = (AllowAny,)


def not_even_a_view() -> None:
    """Do nothing."""
