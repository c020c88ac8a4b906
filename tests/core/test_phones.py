"""Phone numbers: many spellings in, one out."""

import pytest
from django.core.exceptions import ValidationError

from shopkit.core.phones import mask_phone, normalise_phone


@pytest.mark.parametrize(
    "spelling",
    [
        "901234567",
        "+998 90 123-45-67",
        "+998901234567",
        "998901234567",
        "(90) 123 45 67",
        "٩٠١٢٣٤٥٦٧",
        "+٩٩٨٩٠١٢٣٤٥٦٧",
        " +998 90 123 45 67 ",
    ],
)
def test_every_usual_spelling_is_the_same_number(spelling):
    assert normalise_phone(spelling) == "+998901234567"


def test_a_number_of_another_country_keeps_its_country():
    assert normalise_phone("+44 20 7946 0958") == "+442079460958"


def test_local_spelling_is_that_of_the_region_in_the_settings(settings):
    settings.SHOPKIT = {"CORE": {"PHONE_REGION": "GB"}}

    assert normalise_phone("020 7946 0958") == "+442079460958"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "   ",
        "hello",
        "12",
        "+998",
        "+99890123456",
        "+9989012345678",
        "+998 90 123 45 67 ext. 5",
        "+998901234567;ext=5",
        "901234567\x00",
        "\x00",
        "9" * 300,
        "+999901234567",
    ],
)
def test_what_is_no_number_is_refused(bad):
    with pytest.raises(ValidationError) as refusal:
        normalise_phone(bad)

    assert refusal.value.code == "invalid_phone"


def test_a_log_sees_only_the_last_four_digits():
    assert mask_phone("+998901234567") == "…4567"
