"""Mini Apps: what Telegram signed passes, in time and unchanged; everything else is one refusal."""

import hashlib
import hmac
from urllib.parse import parse_qsl, urlencode

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError

from shopkit.telegram.mini_app import check_text, read_fields, verify_init_data

TOKEN = "123456789:AAMadeUpBotTokenForTests_000000000000"
SIGNED_AT = 1767225600
# The two checks of these data were confirmed with another implementation.
INIT_DATA = (
    "query_id=AAmadeup0001&user=%7B%22id%22%3A555000111%2C%22first_name%22%3A%22Aybek%22%2C%22"
    "username%22%3A%22aybek_qr%22%2C%22language_code%22%3A%22uz%22%7D&auth_date=1767225600&"
    "signature=_J_Qw8xZQaxA6FUNxQYpwMp--0L_S14S2PqVEnuFg7diN84R-tBqAy4o0EEMdvLIWR8qA__"
    "EzzkyYEoSeB0KAA&hash=5b0d043050a189c21163eed0a0ccc53b65f2130cf53681eb14fe7199453f17e0"
)
HASH_WITHOUT_SIGNATURE = "fe6f8fb1417dbb2742f58ca3cf24a00e862f67c8719e9237443c06fba2889ff9"
PUBLIC_KEY = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"
BOT_ID = 123456789


def signed(fields, token=TOKEN):
    """Return the fields as Telegram would send them."""
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    digest = hmac.new(secret, check_text(fields).encode(), hashlib.sha256).hexdigest()
    return urlencode(fields | {"hash": digest})


def is_refused(init_data, at=SIGNED_AT):
    with pytest.raises(ValidationError) as refusal:
        verify_init_data(init_data, at=at)
    (wrong,) = refusal.value.error_dict["init_data"]
    return wrong.code == "invalid_init_data"


def test_the_published_vector_passes():
    found = verify_init_data(INIT_DATA, at=SIGNED_AT + 10)

    assert found.user.id == 555000111
    assert (found.user.first_name, found.user.username) == ("Aybek", "aybek_qr")
    assert found.user.language == "uz"
    assert found.signed_at.timestamp() == SIGNED_AT
    assert found.digest == INIT_DATA[-64:]


def test_the_secret_is_that_of_the_vector():
    secret = hmac.new(b"WebAppData", TOKEN.encode(), hashlib.sha256).hexdigest()

    assert secret == "90d880ca75657030da4e4fa765946e8e48fba03fc260a387e8ea0d3cefb95132"


def test_the_hash_covers_the_signature_field():
    fields = {name: value for name, value in parse_qsl(INIT_DATA) if name != "hash"}
    del fields["signature"]
    without = urlencode(fields)

    assert signed(fields).endswith(HASH_WITHOUT_SIGNATURE)
    assert is_refused(INIT_DATA[:-64] + HASH_WITHOUT_SIGNATURE)
    assert is_refused(f"{without}&hash={INIT_DATA[-64:]}")


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "hash",
        "x" * 10_000,
        INIT_DATA.replace("555000111", "555000112"),
        INIT_DATA.replace("uz", "ru"),
        INIT_DATA[:-1] + "1",
        INIT_DATA.upper(),
        INIT_DATA.partition("&hash=")[0],
        INIT_DATA + "&hash=" + INIT_DATA[-64:],
        INIT_DATA + "&user=%7B%22id%22%3A1%7D",
        INIT_DATA + "&is_admin=1",
        INIT_DATA + "&",
        INIT_DATA.replace("query_id=AAmadeup0001&", ""),
        INIT_DATA[:-64] + "ё" * 64,
        INIT_DATA + "&x=%ff",
        INIT_DATA + "&x=\ud800",
    ],
)
def test_changed_data_are_refused(spoilt):
    assert is_refused(spoilt)


@pytest.mark.parametrize(
    ("at", "passes"),
    [
        (SIGNED_AT + 3600, True),
        (SIGNED_AT + 3601, False),
        (SIGNED_AT - 30, True),
        (SIGNED_AT - 31, False),
        (None, False),
    ],
)
def test_data_are_good_for_an_hour_and_not_before_their_time(at, passes):
    if passes:
        assert verify_init_data(INIT_DATA, at=at).user.id == 555000111
    else:
        assert is_refused(INIT_DATA, at=at)


@pytest.mark.parametrize(
    "fields",
    [
        {"user": '{"id": 5}'},
        {"auth_date": "soon", "user": '{"id": 5}'},
        {"auth_date": "-5", "user": '{"id": 5}'},
        {"auth_date": "١٧٦٧", "user": '{"id": 5}'},
        {"auth_date": "9" * 30, "user": '{"id": 5}'},
        {"auth_date": str(SIGNED_AT)},
        {"auth_date": str(SIGNED_AT), "user": "Aybek"},
        {"auth_date": str(SIGNED_AT), "user": "[" * 3000},
        {"auth_date": str(SIGNED_AT), "user": '{"id": "5"}'},
        {"auth_date": str(SIGNED_AT), "user": '{"id": 5, "is_bot": true}'},
    ],
)
def test_signed_data_that_name_nobody_or_no_time_are_refused(fields):
    assert is_refused(signed(fields))


def test_another_bots_data_are_refused():
    fields = {"auth_date": str(SIGNED_AT), "user": '{"id": 5}'}

    assert verify_init_data(signed(fields), at=SIGNED_AT).user.id == 5
    assert is_refused(signed(fields, token="123456789:AnotherToken"))


def test_without_a_token_nothing_can_be_verified(configure):
    configure(BOT_TOKEN="")

    with pytest.raises(ImproperlyConfigured, match="BOT_TOKEN"):
        verify_init_data(INIT_DATA)


class TestThirdParty:
    """Needs the extra ``mini-app``."""

    @pytest.fixture
    def verify(self):
        pytest.importorskip("cryptography", reason='needs pip install "shopkit[mini-app]"')
        from shopkit.telegram.third_party import verify_third_party

        def call(init_data, at=SIGNED_AT, bot_id=BOT_ID, public_key=PUBLIC_KEY):
            return verify_third_party(init_data, bot_id=bot_id, public_key=public_key, at=at)

        return call

    def test_the_published_vector_passes(self, verify):
        assert verify(INIT_DATA).user.username == "aybek_qr"

    def test_the_hash_does_not_matter(self, verify):
        assert verify(INIT_DATA[:-64] + "0" * 64).user.id == 555000111

    @pytest.mark.parametrize(
        "changed",
        [
            {"init_data": INIT_DATA.replace("555000111", "555000112")},
            {"init_data": INIT_DATA.replace("signature=_J", "signature=_K")},
            {"init_data": INIT_DATA.replace("signature=_J_Qw8", "signature=")},
            {"init_data": INIT_DATA.replace("signature=_J", "signature=!!")},
            {"init_data": INIT_DATA.replace("&signature=", "&sig=")},
            {"bot_id": BOT_ID + 1},
            {"public_key": "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d"},
            {"at": SIGNED_AT + 3601},
            {"at": SIGNED_AT - 31},
        ],
    )
    def test_anything_else_is_refused(self, verify, changed):
        with pytest.raises(ValidationError) as refusal:
            verify(**{"init_data": INIT_DATA} | changed)
        assert refusal.value.error_dict["init_data"][0].code == "invalid_init_data"

    def test_telegrams_own_keys_are_keys(self, verify):
        from shopkit.telegram import third_party

        for key in (third_party.PRODUCTION_KEY, third_party.TEST_KEY):
            with pytest.raises(ValidationError):
                verify(INIT_DATA, public_key=key)


def test_fields_are_sorted_by_name():
    assert check_text(read_fields("b=2&a=1&hash=0")) == "a=1\nb=2\nhash=0"
