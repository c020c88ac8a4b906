"""Metadata: flat, bounded, and private where a name begins with an underscore."""

import pytest
from django.core.exceptions import ValidationError

from shopkit.core.metadata import merge_metadata, public_metadata, validate_metadata


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"erp": "A-1", "count": -5, "gift": True, "nothing": None, "_cost": 7},
        {"n": 2**53 - 1, "m": -(2**53 - 1)},
        {"k" * 50: "t" * 500},
        {f"k{number}": number for number in range(50)},
        {"multi": "two\nlines"},
    ],
)
def test_flat_and_short_is_accepted(value):
    validate_metadata(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "text",
        {"k": {}},
        {"k": []},
        {"k": 1.5},
        {"k": float("nan")},
        {"k": 2**53},
        {"k": "t" * 501},
        {"k": "a\x00b"},
        {"k": "a\ud800b"},
        {"k" * 51: 1},
        {"": 1},
        {"a\nb": 1},
        {"a\x00": 1},
        {5: 1},
        {f"k{number}": number for number in range(51)},
    ],
)
def test_everything_else_is_refused(value):
    with pytest.raises(ValidationError) as refusal:
        validate_metadata(value)

    assert [error.code for error in refusal.value.error_dict["metadata"]] == ["invalid_metadata"]


def test_private_entries_are_not_shown():
    assert public_metadata({"erp": "A-1", "_cost": 7}) == {"erp": "A-1"}


def test_private_entries_survive_whoever_never_saw_them():
    old = {"erp": "A-1", "gone": 1, "_cost": 7, "_seen": 1}

    assert merge_metadata(old, {"erp": "A-2", "_seen": 2}) == {"erp": "A-2", "_cost": 7, "_seen": 2}
    assert old == {"erp": "A-1", "gone": 1, "_cost": 7, "_seen": 1}
