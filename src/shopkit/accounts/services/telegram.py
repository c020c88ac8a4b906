"""Signing in by Telegram: the bot's code and the Mini App.

A chat identifies its user only after the code that was sent there came back.
"""

import secrets
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from shopkit.accounts.conf import LANGUAGES
from shopkit.accounts.errors import EmailRequired
from shopkit.accounts.facts import account_created
from shopkit.accounts.models import PhoneNumber, SignInMethod, TelegramAccount
from shopkit.core.errors import BackendError, RateLimited, Refusal
from shopkit.core.limits import client_address
from shopkit.core.locks import hold
from shopkit.core.phones import normalise_phone
from shopkit.otp import services as otp
from shopkit.otp.conf import Rate
from shopkit.otp.errors import InvalidCode
from shopkit.otp.models import Challenge
from shopkit.otp.services import Issued, Verified
from shopkit.otp.services.budgets import Purse, spend
from shopkit.telegram.conf import telegram_settings
from shopkit.telegram.mini_app import InitData, refused, verify_init_data

from .changes import announce_change
from .codes import SIGN_IN
from .contacts import bind_contact, is_named_by_email, owner_of, phone_of
from .linking import CHANNEL, Sender, is_linked, link, link_of, lock_name, sender_of
from .names import assign, column_of, save_named
from .registration import finish_registration
from .second_factor import factor_of, let_in
from .tokens import Tokens


class LinkedElsewhere(Refusal):
    """The number's owner is bound to another Telegram account, which must let go first."""

    code = "telegram_linked_elsewhere"
    message = _("This number is linked to another Telegram account.")


@dataclass(frozen=True)
class TelegramSignIn:
    """Somebody signed in by Telegram; his account may have been made just now.

    phone -- E.164, None for an account without a proven one
    """

    tokens: Tokens
    user: Any
    is_new_user: bool
    phone: str | None


@sensitive_variables("code")
def sign_in_by_bot(request: HttpRequest, *, code: str) -> TelegramSignIn | Issued:
    """Sign in whoever types what the bot showed; make his account when he has none.

    The answer is a challenge when the account has a second factor; a chat that is new to such an
    account is bound to it only when that is answered.

    Call it outside a transaction. Raises InvalidCode, whatever was wrong; RateLimited;
    EmailRequired where users are named by e-mail and this one is new; as ``let_in`` does.
    Announces ``account_created``.
    """
    address = client_address(request)
    verified = otp.verify_by_handle(code=code, purpose=SIGN_IN, client_address=address)
    with transaction.atomic():
        person = _person_of(verified)
    return _signed_in(request, person, answered=verified)


@sensitive_variables("init_data")
def sign_in_by_mini_app(request: HttpRequest, *, init_data: str) -> TelegramSignIn | Issued:
    """Sign in whoever opened the Mini App; make his account when he has none.

    The same data works once, and again when a budget put the second factor off. The answer is a
    challenge when the account has a second factor. Call it outside a transaction.

    Raises ValidationError for "init_data", whatever was wrong; EmailRequired; BackendError where
    the site has no bot; as ``let_in`` does. Announces ``account_created``.
    """
    try:
        data = verify_init_data(init_data)
    except ImproperlyConfigured as error:
        raise BackendError from error
    _use_once(data)
    sender = Sender(
        telegram_id=data.user.id,
        first_name=data.user.first_name,
        last_name=data.user.last_name,
        language=known_language(data.user.language),
    )
    with transaction.atomic():
        hold(lock_name(sender.telegram_id))
        found = link_of(sender.telegram_id)
        user = found.user if found else _new_without_phone(sender)
    if not user.is_active:
        raise refused()
    try:
        return _signed_in(request, _Person(user, sender.destination, is_new=found is None))
    except RateLimited:
        # The second factor was put off, and nobody was let in yet.
        otp.unlock(key=data.digest)
        raise


def ask_bot_code(sender: Sender, *, update_id: int, phone: str = "") -> None:
    """Send a code into the sender's chat. Safe to run twice for one update.

    phone -- the sender's own number, proven by his own card; "" for a chat that is linked already

    Raises ValidationError for a number that is none, LinkedElsewhere, RateLimited within the pause
    or when a budget is used up; LookupError without a phone in a chat that is not linked.
    """
    number = normalise_phone(phone) if phone else ""
    found = link_of(sender.telegram_id)
    if found is None and not number:
        raise LookupError
    if _was_answered(sender, number, update_id):
        return
    payload = {**asdict(sender), "phone": number, "update_id": update_id}
    if found is None:
        _check_not_bound(number)
        if _send_waiting(number, payload):
            return
    otp.issue(
        purpose=SIGN_IN,
        channel=CHANNEL,
        destination=sender.destination,
        client_address=None,
        language=sender.language,
        user_ref="" if found is None else str(found.user_id),
        payload=payload,
    )


def chat_of(phone: str) -> int | None:
    """Return the chat that codes for ``phone`` go to; for ``SHOPKIT["OTP"]["CHAT_OF"]``.

    That of its proven owner; else the one whose person has just sent his own card with this number
    and waits for the code that a page asked for.
    """
    owner = PhoneNumber.objects.filter(number=phone).values("user")
    chats = TelegramAccount.objects.filter(user__in=owner).values_list("chat_id", flat=True)
    found = list(chats[:1])
    if found:
        return found[0]
    payload = _waiting(phone).values_list("payload", flat=True).first() or {}
    return payload.get("telegram_id")


def known_language(tag: str) -> str:
    """Return the language of LANGUAGES that an IETF tag means, or ""."""
    primary = tag.lower().partition("-")[0]
    return primary if primary in LANGUAGES else ""


@dataclass(frozen=True)
class _Person:
    """Who answered.

    proved -- what he answered from
    bind -- a chat that is still to be bound to him, when he has answered his second factor
    """

    user: Any
    proved: str
    is_new: bool = False
    bind: Sender | None = None


def _signed_in(
    request: HttpRequest, person: _Person, *, answered: Verified | None = None
) -> TelegramSignIn | Issued:
    user, more = person.user, asdict(person.bind) if person.bind else None
    result = let_in(
        request,
        user=user,
        proved=person.proved,
        method=SignInMethod.TELEGRAM,
        more=more,
        answered=answered,
    )
    if isinstance(result, Issued):
        return result
    return TelegramSignIn(result, user, person.is_new, phone_of(user) or None)


def _person_of(verified: Verified) -> _Person:
    """Return the user who answered, made and linked where needed. Raises InvalidCode."""
    given = verified.payload
    sender = sender_of(given)
    phone = str(given.get("phone") or "")
    if sender is None:
        # Asked for by a page and sent to a chat that is linked.
        phone = verified.destination
        if not phone.startswith("+"):
            raise InvalidCode
    hold(*filter(None, [lock_name(sender.telegram_id) if sender else "", _contact_lock(phone)]))
    found = link_of(sender.telegram_id) if sender else None
    if verified.user_ref and (found is None or str(found.user_id) != verified.user_ref):
        raise InvalidCode
    if found is not None and sender is not None:
        user = _active(_refreshed(found, sender, phone))
        return _Person(user, sender.destination)
    return _owner_or_new(phone, sender)


def _owner_or_new(phone: str, sender: Sender | None) -> _Person:
    owner = owner_of(phone) if phone else None
    if sender is None:
        if owner is None:
            raise InvalidCode
        return _Person(_active(owner), phone)
    if not phone:
        raise InvalidCode
    if owner is None:
        user = finish_registration(
            phone, registration="", first_name=sender.first_name, last_name=sender.last_name
        )
        link(user, sender, chat_id=sender.telegram_id, is_new=True)
        return _Person(user, sender.destination, is_new=True)
    if is_linked(owner):
        raise InvalidCode
    if factor_of(_active(owner)):
        return _Person(owner, sender.destination, bind=sender)
    link(owner, sender, chat_id=sender.telegram_id, is_new=False)
    return _Person(owner, sender.destination)


def _refreshed(found: TelegramAccount, sender: Sender, phone: str) -> Any:
    """Open a silenced chat again, and add a number to a user who has none.

    Not to one with a second factor, which is not answered yet: he adds it in his profile.
    """
    user = found.user
    if found.chat_id is None:
        TelegramAccount.objects.filter(pk=found.pk).update(chat_id=sender.telegram_id)
    if phone and not phone_of(user) and owner_of(phone) is None and not factor_of(user):
        bind_contact(user, phone)
        announce_change(user, kind="phone", language=sender.language)
    return user


def _new_without_phone(sender: Sender) -> Any:
    if is_named_by_email():
        raise EmailRequired
    user = get_user_model()()
    names = {"first_name": sender.first_name, "last_name": sender.last_name}
    known = {name: text for name, text in names.items() if text and column_of(name)}
    assign(user, {"username": f"user-{secrets.token_hex(6)}", **known})
    user.set_unusable_password()
    save_named(user)
    account_created.announce(user=str(user.pk))
    link(user, sender, chat_id=None, is_new=True)
    return user


def _active(user: Any) -> Any:
    if not user.is_active:
        raise InvalidCode
    return user


def _check_not_bound(phone: str) -> None:
    owner = owner_of(phone)
    if owner is not None and is_linked(owner):
        raise LinkedElsewhere


def _was_answered(sender: Sender, phone: str, update_id: int) -> bool:
    """Say whether the update has brought a code on its way.

    One that a page asked for must have left: nobody else sends it, and the bot may have been away.
    """
    has_left = Q(destination=phone, sent_at__isnull=False) if phone else Q()
    rows = Challenge.objects.live().filter(purpose=SIGN_IN, payload__update_id=update_id)
    return rows.filter(Q(destination=sender.destination) | has_left).exists()


def _waiting(phone: str) -> Any:
    """What a page asked for in the name of ``phone`` and what could not be sent yet."""
    rows = Challenge.objects.live().filter(purpose=SIGN_IN, channel=CHANNEL, destination=phone)
    return rows.filter(sent_at=None, is_decoy=False)


def _send_waiting(phone: str, payload: dict[str, Any]) -> bool:
    """Send the code that a page asked for; say whether there was one and it has left."""
    found = _waiting(phone).first()
    if found is None:
        return False
    _waiting(phone).filter(pk=found.pk).update(payload={**found.payload, **payload})
    return otp.send(challenge=found.pk)


def _use_once(data: InitData) -> None:
    """Count the data's digest for as long as the data could come back; the second is refused."""
    settings = telegram_settings()
    longest = settings.MINI_APP_MAX_AGE + 2 * settings.CLOCK_SKEW
    seconds = int(longest.total_seconds()) + 60
    with transaction.atomic(durable=True):
        is_used = spend([Purse("mini_app", data.digest, Rate(1, seconds))])
    if is_used:
        raise refused()


def _contact_lock(phone: str) -> str:
    """Return the name that ``hold_contact`` locks; taken together with ours, in one order."""
    return f"accounts:contact:{phone}" if phone else ""
