"""An update in the form that handlers read: frozen, checked, and without what cannot be trusted.

Reading never fails: what is missing or of a wrong type is left out, so a handler meets no surprise
and an update that nobody understands is merely not taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal

ChatKind = Literal["private", "group", "supergroup", "channel"]

MESSAGE_KINDS = ("message", "edited_message", "channel_post", "edited_channel_post")
READ_KINDS = (*MESSAGE_KINDS, "callback_query", "my_chat_member")
LARGEST_ID = 2**63 - 1
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,32}))?(?:\s+(.*))?", re.DOTALL)
PHONE = re.compile(r"\+?(\d{5,15})")
# Older and newer marks of a message that somebody else wrote first.
FORWARD_MARKS = frozenset(
    {
        "forward_origin",
        "forward_from",
        "forward_from_chat",
        "forward_sender_name",
        "forward_date",
        "is_automatic_forward",
    }
)
GONE = frozenset({"left", "kicked"})

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who acted. ``language`` is what the person's Telegram speaks, such as "uz"; may be empty."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Chat:
    """Where it happened. In a private chat ``id`` is the person's id."""

    id: int
    kind: ChatKind
    title: str = ""

    @property
    def is_private(self) -> bool:
        """Whether the bot is alone with one person."""
        return self.kind == "private"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A phone number somebody sent.

    is_own -- the sender's own number, sent by the sender's hand in a private chat
    phone -- "+998901234567", not yet checked by a phone library; empty unless ``is_own``, because
        anybody can send anybody's card
    """

    is_own: bool
    phone: str = ""
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message as it is written or after an edit.

    sender -- None in channels and where an administrator writes anonymously
    text -- empty for a photo, a sticker and the like
    command, argument -- "start" and "abc" of "/start abc"; empty without a command, and for a
        command that names another bot
    """

    id: int
    chat: Chat
    sender: Person | None = None
    sent_at: datetime | None = None
    text: str = ""
    command: str = ""
    argument: str = ""
    contact: Contact | None = None
    is_edited: bool = False
    is_forwarded: bool = False


@dataclass(frozen=True, kw_only=True)
class Callback:
    """A press on a button under a message. Being in the chat grants the presser nothing."""

    id: str
    sender: Person
    chat: Chat | None = None
    message_id: int | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Membership:
    """The bot's own place in a chat has changed: a person blocked it, a group took it in."""

    chat: Chat
    sender: Person
    is_gone: bool


@dataclass(frozen=True, kw_only=True)
class IncomingUpdate:
    """One update. Exactly one of the three parts is set, or none for a kind we do not read.

    id -- Telegram's; the same update may be handled twice, under the same id
    kind -- the Bot API's word: "message", "callback_query", "poll" and so on
    """

    id: int
    kind: str
    message: Message | None = None
    callback: Callback | None = None
    membership: Membership | None = None

    @property
    def chat(self) -> Chat | None:
        """Where it happened, as far as it is known."""
        part = self.message or self.callback or self.membership
        return part.chat if part else None

    @property
    def sender(self) -> Person | None:
        """Who acted, as far as it is known."""
        part = self.message or self.callback or self.membership
        return part.sender if part else None


def kind_of(payload: Json) -> str:
    """Return the update's kind: the name of the member beside ``update_id``; "" for none."""
    names = sorted(payload.keys() - {"update_id"}, key=lambda name: name not in READ_KINDS)
    return str(names[0])[:50] if names else ""


def read_update(payload: Json, *, bot_username: str = "") -> IncomingUpdate:
    """Return ``payload`` in the form that handlers read.

    payload -- a Bot API update whose ``update_id`` is known to be a number
    bot_username -- the bot's own name; with it, a command for another bot of a group is no command
    """
    kind = kind_of(payload)
    body = _object(payload.get(kind))
    message = callback = membership = None
    if kind in MESSAGE_KINDS:
        message = _message(body, is_edited=kind.startswith("edited"), bot=bot_username)
    elif kind == "callback_query":
        callback = _callback(body)
    elif kind == "my_chat_member":
        membership = _membership(body)
    return IncomingUpdate(
        id=payload["update_id"],
        kind=kind,
        message=message,
        callback=callback,
        membership=membership,
    )


def _message(body: Json, *, is_edited: bool, bot: str) -> Message | None:
    chat, number = _chat(body.get("chat")), _number(body.get("message_id"))
    if chat is None or number is None:
        return None
    sender = None if "sender_chat" in body else read_person(body.get("from"))
    is_forwarded = not FORWARD_MARKS.isdisjoint(body)
    text = _text(body.get("text"))
    command, argument = _command(text, bot=bot)
    is_by_hand = not (is_edited or is_forwarded or "via_bot" in body)
    return Message(
        id=number,
        chat=chat,
        sender=sender,
        sent_at=_moment(body.get("date")),
        text=text,
        command=command,
        argument=argument,
        contact=_contact(body.get("contact"), chat, sender if is_by_hand else None),
        is_edited=is_edited,
        is_forwarded=is_forwarded,
    )


def _contact(given: Any, chat: Chat, sender: Person | None) -> Contact | None:
    """Read a card; ``sender`` is who sent it by hand, None where that is not sure."""
    card = _object(given)
    phone = PHONE.fullmatch(_text(card.get("phone_number")))
    if phone is None:
        return None
    owner = _number(card.get("user_id"))
    is_person = sender is not None and not sender.is_bot and chat.is_private
    is_own = is_person and sender is not None and owner == sender.id == chat.id
    return Contact(
        is_own=is_own,
        phone=f"+{phone[1]}" if is_own else "",
        first_name=_text(card.get("first_name")),
        last_name=_text(card.get("last_name")),
    )


def _command(text: str, *, bot: str) -> tuple[str, str]:
    found = COMMAND.fullmatch(text.strip())
    if found is None or (bot and found[2] and found[2].lower() != bot.lower()):
        return "", ""
    return found[1].lower(), (found[3] or "").strip()


def _callback(body: Json) -> Callback | None:
    sender, key = read_person(body.get("from")), _text(body.get("id"))
    if sender is None or not key:
        return None
    under = _object(body.get("message"))
    return Callback(
        id=key,
        sender=sender,
        chat=_chat(under.get("chat")),
        message_id=_number(under.get("message_id")),
        text=_text(body.get("data")),
    )


def _membership(body: Json) -> Membership | None:
    chat, sender = _chat(body.get("chat")), read_person(body.get("from"))
    status = _text(_object(body.get("new_chat_member")).get("status"))
    if chat is None or sender is None or not status:
        return None
    return Membership(chat=chat, sender=sender, is_gone=status in GONE)


def _chat(given: Any) -> Chat | None:
    body = _object(given)
    number, kind = _number(body.get("id")), body.get("type")
    if number is None or kind not in {"private", "group", "supergroup", "channel"}:
        return None
    return Chat(id=number, kind=kind, title=_text(body.get("title")))


def read_person(given: Any) -> Person | None:
    body = _object(given)
    number = _number(body.get("id"))
    if number is None:
        return None
    return Person(
        id=number,
        is_bot=body.get("is_bot") is True,
        first_name=_text(body.get("first_name")),
        last_name=_text(body.get("last_name")),
        username=_text(body.get("username")),
        language=_text(body.get("language_code")),
    )


def _object(given: Any) -> Json:
    return given if isinstance(given, Mapping) else {}


def _text(given: Any) -> str:
    return given if isinstance(given, str) else ""


def _number(given: Any) -> int | None:
    is_number = isinstance(given, int) and not isinstance(given, bool)
    return given if is_number and abs(given) <= LARGEST_ID else None


def _moment(given: Any) -> datetime | None:
    seconds = _number(given)
    if seconds is None or not 0 <= seconds < 2**35:
        return None
    return datetime.fromtimestamp(seconds, tz=timezone.utc)
