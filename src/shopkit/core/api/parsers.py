"""Bodies: bounded, strict UTF-8 JSON; forms and files where a view takes them."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import BaseParser, MultiPartParser

from shopkit.core.conf import api_settings

from .problems import BodyTooLarge


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is larger than any number")
    return number


class BoundedJSONParser(BaseParser):
    """JSON of at most ``API["MAX_BODY"]`` bytes, without NaN, NUL or broken characters."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the decoded body. Raises ParseError (400) or BodyTooLarge (413)."""
        largest = api_settings().MAX_BODY
        declared = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if declared.isdigit() and int(declared) > largest:
            raise BodyTooLarge
        raw = stream.read(largest + 1)
        if len(raw) > largest:
            raise BodyTooLarge
        try:
            body = json.loads(
                raw.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite
            )
            if b"\\u" in raw:
                _check_texts(body)
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("The body is not valid JSON.")) from error
        return body


def _check_texts(body: Any) -> None:
    """Refuse what an escape can smuggle in and no text column takes: NUL and lone surrogates."""
    waiting = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and b"\x00" in value.encode("utf-8"):
            raise ValueError("NUL is not text")


class BoundedMultiPartParser(MultiPartParser):
    """Uploads; Django's upload settings and each view's own size check bound them."""
