"""Loading what a site names by a dotted path: backends with options, and plain callables."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

Backend = TypeVar("Backend")


def load_backend(spec: Mapping[str, Any], *, base: type[Backend]) -> Backend:
    """Build the backend that ``spec`` names.

    spec -- {"BACKEND": dotted path of a class, "OPTIONS": its keyword arguments}
    base -- the class it must be a subclass of

    Raises ImproperlyConfigured when the path does not import, the class is not
    a ``base``, or it does not take these options.
    """
    if not isinstance(spec, Mapping):
        raise ImproperlyConfigured(f'{spec!r} is not {{"BACKEND": ..., "OPTIONS": {{...}}}}.')
    path, options = spec.get("BACKEND", ""), spec.get("OPTIONS", {})
    if unknown := sorted(spec.keys() - {"BACKEND", "OPTIONS"}):
        raise ImproperlyConfigured(
            f"{path or 'A backend'} has unknown keys: {', '.join(map(str, unknown))}."
        )
    found = _import(path)
    if not (isinstance(found, type) and issubclass(found, base)):
        raise ImproperlyConfigured(f"{path} is not a {base.__name__}.")
    try:
        return found(**options)
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{path}: {error}") from error


def load_callable(path: str) -> Callable[..., Any]:
    """Return the function or class that the dotted ``path`` names.

    Raises ImproperlyConfigured when it does not import or cannot be called.
    """
    found = _import(path)
    if not callable(found):
        raise ImproperlyConfigured(f"{path} cannot be called.")
    return found  # type: ignore[no-any-return]


def _import(path: str) -> Any:
    try:
        return import_string(path)
    except (ImportError, AttributeError) as error:  # None has no .rsplit()
        raise ImproperlyConfigured(f"Cannot import {path!r}: {error}") from error
