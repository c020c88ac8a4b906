"""How many SMS a text takes."""

import pytest

from shopkit.sms.conf import DEFAULT_TEMPLATES
from shopkit.sms.segments import GSM_7, Segments, count_segments

CASES = {
    # Uzbek in Latin letters: the straight apostrophe is ASCII, the typographic ones are not.
    "Tasdiqlash kodi: 482913. Uni hech kimga aytmang.": ("GSM-7", 48, 1),
    "O'zbekiston bo'ylab yetkazib beramiz": ("GSM-7", 36, 1),
    "Oʻzbekiston boʻylab yetkazib beramiz": ("UCS-2", 36, 1),
    "O‘zbekiston bo‘ylab yetkazib beramiz": ("UCS-2", 36, 1),
    # Uzbek and Russian in Cyrillic
    "Тасдиқлаш коди: 482913": ("UCS-2", 22, 1),
    "Ваш код: 482913. Никому его не сообщайте.": ("UCS-2", 41, 1),
    # Karakalpak: an accent alone forces UCS-2
    "Tastıyıqlaw kodı: 482913": ("UCS-2", 24, 1),
    "Buyırtpańız jolǵa shıqtı": ("UCS-2", 24, 1),
    "Tastiyiqlaw kodi: 482913": ("GSM-7", 24, 1),
    "": ("GSM-7", 0, 1),
}


@pytest.mark.parametrize(("text", "size"), CASES.items())
def test_a_text_has_this_size(text, size):
    encoding, units, parts = size

    assert count_segments(text) == Segments(encoding=encoding, units=units, parts=parts)


@pytest.mark.parametrize(
    ("text", "units", "parts"),
    [
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        # Each of the extension table takes two septets.
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        # 153 is odd: a pair that would be torn moves on, so 76 of them fit into a part.
        ("€" * 152, 304, 2),
        ("€" * 153, 306, 3),
        ("[" + "a" * 158, 160, 1),
        ("[" + "a" * 159, 161, 2),
    ],
)
def test_gsm_7_holds_160_septets_alone_and_153_joined(text, units, parts):
    assert count_segments(text) == Segments(encoding="GSM-7", units=units, parts=parts)


@pytest.mark.parametrize(
    ("text", "units", "parts"),
    [
        ("я" * 70, 70, 1),
        ("я" * 71, 71, 2),
        ("я" * 134, 134, 2),
        ("я" * 135, 135, 3),
        ("🙂" * 35, 70, 1),
        ("🙂" * 36, 72, 2),
        # 67 is odd: a surrogate pair is not torn, so 33 emoji fit into a part.
        ("🙂" * 66, 132, 2),
        ("🙂" * 67, 134, 3),
    ],
)
def test_ucs_2_holds_70_units_alone_and_67_joined(text, units, parts):
    assert count_segments(text) == Segments(encoding="UCS-2", units=units, parts=parts)


def test_the_basic_alphabet_has_128_characters_less_the_escape():
    assert len(GSM_7) == 127


@pytest.mark.parametrize("language", ["en", "uz", "kaa", "ru"])
def test_our_own_templates_are_ascii_and_take_one_sms(language):
    text = DEFAULT_TEMPLATES["code"][language].format(code="482913")

    assert text.isascii()
    assert count_segments(text).parts == 1


def test_a_code_with_its_webotp_line_takes_one_sms():
    text = "482913 - shop.test ga kirish kodi. Hech kimga aytmang.\n\n@shop.test #482913"

    assert count_segments(text) == Segments(encoding="GSM-7", units=74, parts=1)
