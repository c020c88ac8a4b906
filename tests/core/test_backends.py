"""What a site names by a dotted path is loaded, or refused with the reason."""

from collections import OrderedDict

import pytest
from django.core.exceptions import ImproperlyConfigured

from shopkit.core.backends import load_backend, load_callable


class Base:
    """What a backend must be."""

    def __init__(self, *, size=1):
        if size < 0:
            raise ValueError("size must not be negative.")
        self.size = size


class Other(Base):
    """One backend."""


PATH = f"{__name__}.Other"
NOT_CALLABLE = 5


def test_a_backend_is_built_with_its_options():
    built = load_backend({"BACKEND": PATH, "OPTIONS": {"size": 3}}, base=Base)

    assert (type(built), built.size) == (Other, 3)
    assert load_backend({"BACKEND": PATH}, base=Base).size == 1


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("tests.x.Y", '\'tests.x.Y\' is not {"BACKEND": ..., "OPTIONS": {...}}.'),
        ({"BACKEND": PATH, "OPTION": {}, "X": 1}, f"{PATH} has unknown keys: OPTION, X."),
        ({"OPTIONS": {}, "X": 1}, "A backend has unknown keys: X."),
        ({"BACKEND": "collections.OrderedDict"}, "collections.OrderedDict is not a Base."),
        ({"BACKEND": "collections.abc"}, "collections.abc is not a Base."),
        (
            {"BACKEND": PATH, "OPTIONS": {"size": -1}},
            f"{PATH}: size must not be negative.",
        ),
    ],
)
def test_a_wrong_backend_is_refused_with_the_reason(spec, message):
    with pytest.raises(ImproperlyConfigured) as refusal:
        load_backend(spec, base=Base)

    assert str(refusal.value) == message


@pytest.mark.parametrize("path", ["", "nowhere", "nowhere.at.all", "collections.Nothing", None])
def test_a_path_that_does_not_import_is_refused(path):
    with pytest.raises(ImproperlyConfigured, match=f"^Cannot import {path!r}: "):
        load_backend({"BACKEND": path}, base=Base)
    with pytest.raises(ImproperlyConfigured, match=f"^Cannot import {path!r}: "):
        load_callable(path)


def test_an_option_the_backend_does_not_take_is_refused():
    with pytest.raises(ImproperlyConfigured, match="unexpected keyword argument 'colour'"):
        load_backend({"BACKEND": PATH, "OPTIONS": {"colour": 1}}, base=Base)


def test_a_callable_is_loaded_and_a_value_refused():
    assert load_callable("collections.OrderedDict") is OrderedDict
    with pytest.raises(ImproperlyConfigured) as refusal:
        load_callable(f"{__name__}.NOT_CALLABLE")
    assert str(refusal.value) == f"{__name__}.NOT_CALLABLE cannot be called."
