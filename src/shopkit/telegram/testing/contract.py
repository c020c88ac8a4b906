"""What every Telegram backend must do; run it on your own."""

import pytest

from shopkit.telegram.backends.base import TelegramBackend, button_keyboard, contact_keyboard
from shopkit.telegram.errors import ChatUnreachable

CHAT = 555_000_111
BLOCKED = 555_000_403


class TelegramBackendContract:
    """Subclass it, give it your backend, and run pytest."""

    @pytest.fixture
    def backend(self) -> TelegramBackend:
        """The backend under test: chat ``CHAT`` open, chat ``BLOCKED`` blocked by its person."""
        raise NotImplementedError

    def test_returns_the_number_of_the_message(self, backend: TelegramBackend) -> None:
        """A later edit needs it."""
        assert backend.send_message(CHAT, "Salom") > 0

    @pytest.mark.parametrize("text", ["Код: 123456 🙂", "Oʻzbekcha", "qátar\nekinshi", "<b>&"])
    def test_takes_plain_text_in_any_script(self, backend: TelegramBackend, text: str) -> None:
        """Nothing is markup."""
        backend.send_message(CHAT, text)

    def test_takes_the_longest_text(self, backend: TelegramBackend) -> None:
        """Telegram counts UTF-16 units: an emoji is two."""
        backend.send_message(CHAT, "🙂" * 2048)

    @pytest.mark.parametrize("text", ["", "  \n", "x" * 4097, "🙂" * 2049])
    def test_refuses_a_text_telegram_would_not_take(
        self, backend: TelegramBackend, text: str
    ) -> None:
        """Before anything is sent anywhere."""
        with pytest.raises(ValueError, match="text"):
            backend.send_message(CHAT, text)

    def test_takes_keyboards_and_flags(self, backend: TelegramBackend) -> None:
        """What the sign-in dialogue and the staff chat use."""
        backend.send_message(CHAT, "?", keyboard=contact_keyboard("My number"), is_protected=True)
        backend.send_message(CHAT, "?", keyboard=button_keyboard([[("Yes", "y")]]), is_silent=True)

    def test_says_that_a_person_blocked_the_bot(self, backend: TelegramBackend) -> None:
        """So that the caller stops trying."""
        with pytest.raises(ChatUnreachable):
            backend.send_message(BLOCKED, "Salom")

    def test_puts_another_text_in_the_place_of_its_own(self, backend: TelegramBackend) -> None:
        """What the staff chat shows after a press."""
        number = backend.send_message(CHAT, "?", keyboard=button_keyboard([[("Yes", "y")]]))
        backend.edit_message(CHAT, number, "Yes: <Aygul> 🙂")

    @pytest.mark.parametrize("text", ["", "  \n", "x" * 4097])
    def test_refuses_to_edit_to_what_could_not_be_sent(
        self, backend: TelegramBackend, text: str
    ) -> None:
        """Before anything is sent anywhere."""
        with pytest.raises(ValueError, match="text"):
            backend.edit_message(CHAT, 1, text)

    def test_ends_the_waiting_of_a_button(self, backend: TelegramBackend) -> None:
        """With a text for who pressed."""
        backend.answer_callback("4382bfdwdsb323b2d9", "Done", is_alert=True)

    def test_refuses_a_method_that_is_no_name(self, backend: TelegramBackend) -> None:
        """It becomes part of a URL."""
        with pytest.raises(ValueError, match="method"):
            backend.call("../getMe", {})

    def test_has_no_updates_to_begin_with(self, backend: TelegramBackend) -> None:
        """A stand-in has none ever."""
        assert backend.get_updates() == []

    def test_says_where_updates_are_posted(self, backend: TelegramBackend) -> None:
        """Nowhere, before anybody has set it."""
        assert backend.get_webhook()["url"] == ""

    def test_does_not_show_its_token(self, backend: TelegramBackend) -> None:
        """Reprs end up in logs."""
        assert backend._token == "" or backend._token not in repr(backend)
