"""A status callback as it arrived, and what it says once it is believed."""

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import ValidationError
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.translation import gettext as _

from .statuses import DeliveryStatus

MOST_FIELDS = 100


@dataclass(frozen=True, kw_only=True)
class StatusCallback:
    """One HTTP request of a gateway, nothing of it believed yet.

    query -- what follows "?" in the URL, as it came
    headers -- by lower-case name
    """

    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    def parameter(self, name: str) -> str:
        """Return a parameter of the URL, or ""; one that is given twice is none."""
        try:
            found = [value for key, value in _pairs(self.query) if key == name]
        except ValueError:
            return ""
        return found[0] if len(found) == 1 else ""

    def fields(self) -> list[tuple[str, str]]:
        """Return the fields of the body: a form, a multipart form or a JSON object.

        Raises ValidationError when it is none of these.
        """
        media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            if media_type == "application/json":
                return _pairs_of_json(self.body)
            if media_type == "multipart/form-data":
                return _pairs_of_multipart(self.headers["content-type"], self.body)
            return _pairs(self.body.decode("utf-8"))
        except (ValueError, LookupError, RecursionError, MultiPartParserError):
            # LookupError: Django's parser looks up the charset that a boundary claims to be in.
            wrong = _("The body of the callback cannot be read.")
        raise ValidationError(wrong, code="unreadable_callback")


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")


def _pairs_of_json(body: bytes) -> list[tuple[str, str]]:
    found: Any = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    pairs = [(name, "" if value is None else str(value)) for name, value in found.items()]
    for pair in pairs:
        "".join(pair).encode()  # An escaped lone surrogate is no text; this raises ValueError.
    return pairs


def _pairs_of_multipart(content_type: str, body: bytes) -> list[tuple[str, str]]:
    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
    form, _files = MultiPartParser(meta, BytesIO(body), [], "utf-8").parse()
    return [(name, str(value)) for name, values in form.lists() for value in values]


@dataclass(frozen=True, kw_only=True)
class StatusUpdate:
    """What a verified callback says.

    reference -- the one that the message was sent with
    message_id -- the gateway's id, or ""
    gateway_code -- the gateway's own word for it: "DELIVRD", "30003"
    """

    reference: str
    status: DeliveryStatus
    message_id: str = ""
    gateway_code: str = ""
