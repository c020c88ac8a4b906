"""Errors as problem+json (RFC 9457): one table from our errors to HTTP, one shape for all.

Every answer that is not a success has ``type, title, status, detail, code`` and, for wrong
fields, ``errors: [{attr, code, detail}]``; a refusal's details are extra members.
"""

import logging
import math
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from http.client import responses
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.http import Http404, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from shopkit.core.errors import (
    BackendError,
    Forbidden,
    NotSignedIn,
    RateLimited,
    Refusal,
    ShopkitError,
)
from shopkit.core.idempotency import KeyReused
from shopkit.core.logs import request_id

from .databases import meaning_of, told_safely

logger = logging.getLogger("shopkit.api")

CONTENT_TYPE = "application/problem+json"

# The phrases of RFC 9110; Python renamed these two in 3.13.
TITLES = {**responses, 413: "Content Too Large", 422: "Unprocessable Content"}

# Searched in order: a narrower family stands above the wider one.
STATUS_OF: dict[type[ShopkitError], int] = {
    KeyReused: 422,
    NotSignedIn: 401,
    Forbidden: 403,
    RateLimited: 429,
    Refusal: 409,
    BackendError: 503,
}
RETRY_AFTER_BUSY = 1


def problem(
    status: int,
    *,
    code: str,
    detail: str = "",
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> Response:
    """Return a problem+json answer; ``extra`` are members beside the standard ones."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors is not None:
        body["errors"] = errors
    body |= {name: value for name, value in extra.items() if name not in body}
    return Response(body, status=status, headers=dict(headers or {}), content_type=CONTENT_TYPE)


def answer_error(error: Exception, context: dict[str, Any]) -> Response:
    """Answer any error a view raised; what nobody expected is logged and tells nothing.

    Unlike REST framework's handler it rolls nothing back: services end their own transactions, and
    what a refusal must leave behind is committed by then.

    context -- "view" and "request"; "is_announced" where Django has logged what nobody expected
    """
    if isinstance(error, DjangoValidationError):
        return _wrong_fields(_rows_of_django(error))
    if meaning := meaning_of(error):
        logger.warning("The database refused %s: %s", _place(context), told_safely(error))
        error = meaning
    if isinstance(error, ShopkitError):
        return _of_ours(error)
    error = _of_django(error)
    if isinstance(error, exceptions.APIException):
        return _of_drf(error)
    return _unexpected(error, context)


def _of_ours(error: ShopkitError) -> Response:
    status = next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    extra = dict(error.details)
    wait = extra.get(
        "retry_after", RETRY_AFTER_BUSY if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    )
    headers = {} if wait is None else {"Retry-After": str(wait)}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    response = problem(status, code=error.code, detail=str(error), headers=headers)
    # Not as keywords: a fact may well be called "status", and the frame's own members stay.
    response.data = {**response.data, **extra, **response.data}
    return response


def _of_django(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, DjangoPermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return BodyTooLarge()
    if isinstance(error, (SuspiciousOperation, BadRequest, UnreadablePostError)):
        return exceptions.ParseError()
    return error


def _of_drf(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        return _wrong_fields(list(_rows_of_drf(error.get_full_details())))
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    detail = error.detail if isinstance(error.detail, str) else _drf_sentence(error.detail)
    return problem(error.status_code, code=str(code), detail=str(detail), headers=headers)


def _drf_sentence(detail: Any) -> str:
    """simplejwt puts a dict where DRF puts a sentence."""
    return str(detail.get("detail", "")) if isinstance(detail, Mapping) else ""


class BodyTooLarge(exceptions.APIException):
    """The body is larger than ``API["MAX_BODY"]``."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"
    default_detail = gettext_lazy("The request body is too large.")


def _wrong_fields(rows: list[dict[str, str]]) -> Response:
    """400; one error that belongs to no field lends its code to the whole answer."""
    general = [row for row in rows if not row["attr"]]
    if len(rows) == 1 and general and general[0]["code"] != "invalid":
        return problem(400, code=general[0]["code"], detail=general[0]["detail"], errors=rows)
    detail = rows[0]["detail"] if len(rows) == 1 else _("Some values are not valid.")
    return problem(400, code="validation_error", detail=detail, errors=rows)


def _rows_of_drf(found: Any, attr: str = "") -> Iterable[dict[str, str]]:
    if isinstance(found, Mapping) and set(found) == {"message", "code"}:
        yield {"attr": attr, "code": str(found["code"]), "detail": str(found["message"])}
    elif isinstance(found, Mapping):
        for name, inner in found.items():
            yield from _rows_of_drf(inner, _joined(attr, str(name)))
    else:
        for index, inner in enumerate(found):
            is_leaf = isinstance(inner, Mapping) and set(inner) == {"message", "code"}
            if inner:
                yield from _rows_of_drf(inner, attr if is_leaf else _joined(attr, str(index)))


def _rows_of_django(error: DjangoValidationError) -> list[dict[str, str]]:
    fields: Mapping[str, list[DjangoValidationError]]
    fields = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    return [
        {
            "attr": _joined("", name),
            "code": one.code or "invalid",
            "detail": str(next(iter(one.messages), "")),
        }
        for name, found in fields.items()
        for one in found
    ]


def _joined(attr: str, name: str) -> str:
    if name in {NON_FIELD_ERRORS, "non_field_errors"}:
        return attr
    return f"{attr}.{name}" if attr else name


def _unexpected(error: Exception, context: dict[str, Any]) -> Response:
    request = context.get("request")
    if not context.get("is_announced"):
        got_request_exception.send(sender=None, request=getattr(request, "_request", request))
        logger.error("Unexpected error in %s.", _place(context), exc_info=error)
    # Whoever reports it can name it; RequestLogMiddleware gives the id.
    known: dict[str, Any] = {"request_id": request_id()} if request_id() else {}
    detail = _("Something went wrong on our side.")
    return problem(500, code="internal_error", detail=detail, **known)


def _place(context: dict[str, Any]) -> str:
    view, request = context.get("view"), context.get("request")
    return f"{getattr(request, 'method', '?')} {type(view).__name__}"
