"""System checks of text messages."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from .conf import sms_settings
from .segments import count_segments
from .services import sms_backend


@register("shopkit")
def check_backend(**_: Any) -> list[CheckMessage]:
    """E001: the configured backend cannot be built."""
    if not _readable():
        return []
    try:
        sms_backend()
    except ImproperlyConfigured as error:
        return [Error(f'SHOPKIT["SMS"]: {error}', id="shopkit.sms.E001")]
    return []


@register("shopkit", deploy=True)
def check_backend_for_deployment(**_: Any) -> list[CheckMessage]:
    """W001: messages would stay on the server."""
    if not _readable() or check_backend():
        return []
    backend = sms_backend()
    if not backend.for_development:
        return []
    text = f'SHOPKIT["SMS"]: {type(backend).__name__} is for development; nobody gets a message.'
    hint = "Name a gateway, such as shopkit.sms.backends.eskiz.EskizBackend."
    return [Warning(text, hint=hint, id="shopkit.sms.W001")]


@register("shopkit", deploy=True)
def check_templates(**_: Any) -> list[CheckMessage]:
    """W002: a text needs more than one SMS, which costs accordingly."""
    return [
        Warning(
            f'SHOPKIT["SMS"]: {name} takes {parts} SMS.',
            hint="Plain ASCII holds 160 characters in one; one Cyrillic or accented letter, or a "
            "typographic apostrophe, lowers that to 70.",
            id="shopkit.sms.W002",
        )
        for name, parts in _sizes()
        if parts > 1
    ]


def _sizes() -> Iterable[tuple[str, int]]:
    """A placeholder is taken to be as long as a code."""
    if not _readable():
        return
    for member in ("TEMPLATES", "NOTICES"):
        for purpose, texts in getattr(sms_settings(), member).items():
            for language, text in texts.items():
                filled = re.sub(r"\{\w+\}", "123456", text)
                yield f"{member} {purpose}/{language}", count_segments(filled).parts


def _readable() -> bool:
    """A section that cannot be read is shopkit.core.E001's to report."""
    try:
        sms_settings()
    except ImproperlyConfigured:
        return False
    return True
