"""What the bot answers to a person in a private chat. Nothing else moves it.

Edited and forwarded messages, groups, channels and other bots change nothing: such an update is
left to the next handler. An update may be handled twice; the second time no second code is made.
"""

import math
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from shopkit.accounts.models import Profile
from shopkit.accounts.services.linking import Sender, link_of, stop
from shopkit.accounts.services.telegram import LinkedElsewhere, ask_bot_code, known_language
from shopkit.core.errors import RateLimited
from shopkit.core.quiet_cache import QuietCache
from shopkit.telegram.backends.base import REMOVE_KEYBOARD, Keyboard
from shopkit.telegram.errors import ChatUnreachable, TelegramOutcomeUnknown
from shopkit.telegram.services import send_message
from shopkit.telegram.updates import IncomingUpdate, Message, Person

from .texts import LANGUAGE_NAMES, default_language, is_login_word, text_of

REMEMBER = 24 * 60 * 60
LONGEST_NAME = 64


@dataclass(frozen=True)
class Turn:
    """One thing a person said, and whom we take him for."""

    update_id: int
    message: Message
    sender: Sender

    def say(self, key: str, *, keyboard: Keyboard | None = None, **values: Any) -> None:
        """Answer; a person who blocked the bot meanwhile hears nothing."""
        text = text_of(key, self.sender.language) % values
        try:
            send_message(chat_id=self.sender.telegram_id, text=text, keyboard=keyboard)
        except (ChatUnreachable, TelegramOutcomeUnknown):
            # Blocked, or perhaps sent: in neither case does saying it again help.
            return


def handle(update: IncomingUpdate) -> bool:
    """Take an update that belongs to signing in; say whether it was one.

    Raises TelegramError when the bot could not be reached, so that the update comes back.
    """
    message = update.message
    if message is None or message.sender is None or not _is_by_hand(message):
        return False
    answer = _answer_to(message)
    if answer is None:
        return False
    answer(Turn(update.id, message, _sender_of(message.sender)))
    return True


def _is_by_hand(message: Message) -> bool:
    sender, chat = message.sender, message.chat
    if sender is None or sender.is_bot or message.is_edited or message.is_forwarded:
        return False
    return chat.is_private and chat.id == sender.id


def _answer_to(message: Message) -> Any:
    commands = {"start": _start, "help": _start, "login": _login, "stop": _stop}
    if message.command:
        return commands.get(message.command)
    if message.contact is not None:
        return _contact
    if message.text in LANGUAGE_NAMES.values():
        return _choose_language
    return _login if is_login_word(message.text) else None


def _sender_of(person: Person) -> Sender:
    return Sender(
        telegram_id=person.id,
        first_name=_name(person.first_name),
        last_name=_name(person.last_name),
        language=_language_of(person),
    )


def _start(turn: Turn) -> None:
    if link_of(turn.sender.telegram_id) is not None:
        turn.say("known", keyboard=_keyboard(turn, text_of("get_code", turn.sender.language)))
        return
    # Opening a link proves nothing: somebody may have been sent another's. So nobody is signed in
    # here; the code that comes must be typed where it was asked for.
    key = "hello_link" if turn.message.argument else "hello"
    turn.say(key, keyboard=_keyboard(turn, _share_button(turn)))


def _login(turn: Turn) -> None:
    _ask(turn, phone="")


def _contact(turn: Turn) -> None:
    contact = turn.message.contact
    if contact is None or not contact.is_own:
        turn.say("not_own", keyboard=_keyboard(turn, _share_button(turn)))
        return
    _ask(turn, phone=contact.phone)


def _ask(turn: Turn, *, phone: str) -> None:
    try:
        ask_bot_code(turn.sender, update_id=turn.update_id, phone=phone)
    except LookupError:
        turn.say("hello", keyboard=_keyboard(turn, _share_button(turn)))
    except ValidationError:
        turn.say("bad_phone")
    except LinkedElsewhere:
        turn.say("elsewhere", keyboard=REMOVE_KEYBOARD)
    except RateLimited as error:
        _say_when(turn, int(error.details["retry_after"]))


def _say_when(turn: Turn, seconds: int) -> None:
    if seconds <= 2 * 60:
        turn.say("wait_seconds", seconds=seconds)
    else:
        turn.say("wait_minutes", minutes=math.ceil(seconds / 60))


def _stop(turn: Turn) -> None:
    done = stop(turn.sender.telegram_id)
    turn.say(f"stop_{done}", keyboard=None if done == "needed" else REMOVE_KEYBOARD)


def _choose_language(turn: Turn) -> None:
    chosen = next(tag for tag, name in LANGUAGE_NAMES.items() if name == turn.message.text)
    QuietCache("default").set_many({_key(turn.sender.telegram_id): chosen}, seconds=REMEMBER)
    link = link_of(turn.sender.telegram_id)
    if link is not None:
        Profile.objects.update_or_create(user=link.user, defaults={"language": chosen})
    sender = Sender(telegram_id=turn.sender.telegram_id, language=chosen)
    _start(Turn(turn.update_id, turn.message, sender))


def _language_of(person: Person) -> str:
    """The profile's, the one chosen here, Telegram's own, the site's.

    A choice made before there is a profile is kept in the site's cache: when it is lost, or the
    cache is away, the person's Telegram decides.
    """
    link = link_of(person.id)
    if link is not None:
        profiles = Profile.objects.filter(user=link.user).exclude(language="")
        own = profiles.values_list("language", flat=True).first()
        if own:
            return str(own)
    key = _key(person.id)
    chosen = str(QuietCache("default").get_many([key]).get(key, ""))
    return chosen or known_language(person.language) or default_language()


def _keyboard(turn: Turn, first: Any) -> Keyboard:
    button = first if isinstance(first, dict) else {"text": first}
    languages = [{"text": name} for name in LANGUAGE_NAMES.values()]
    rows = [[button], languages[:2], languages[2:]]
    return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}


def _share_button(turn: Turn) -> dict[str, Any]:
    return {"text": text_of("share", turn.sender.language), "request_contact": True}


def _name(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()[:LONGEST_NAME]


def _key(telegram_id: int) -> str:
    return f"shopkit.accounts.dialogue.language.{telegram_id}"
