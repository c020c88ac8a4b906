"""Bodies: bounded, strict UTF-8 JSON; forms and files where a view takes them."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import BaseParser, MultiPartParser

from shopkit.core.conf import api_settings

from .problems import BodyTooLarge


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


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
            body = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
            # An escape can smuggle in what no text column takes: NUL and lone surrogates.
            if b"\\u" in raw and "\x00" in _encodable(json.dumps(body, ensure_ascii=False)):
                raise ValueError(_("NUL characters are not allowed"))
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("The body is not valid JSON.")) from error
        return body


def _encodable(text: str) -> str:
    """Return ``text``, its escaped NULs made plain; a lone surrogate raises UnicodeEncodeError."""
    text.encode("utf-8")
    return text.replace("\\u0000", "\x00")


class BoundedMultiPartParser(MultiPartParser):
    """Uploads; Django's upload settings and each view's own size check bound them."""
