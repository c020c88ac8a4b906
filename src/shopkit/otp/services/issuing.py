"""Asking for a code."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from shopkit.core.errors import Conflict, RateLimited
from shopkit.core.locks import hold
from shopkit.otp.channels.base import OtpChannel
from shopkit.otp.channels.loading import channel_paths, load_channel
from shopkit.otp.codes import server_keys
from shopkit.otp.conf import otp_settings
from shopkit.otp.destinations import check_cost, kind_of, normalise
from shopkit.otp.facts import code_issued
from shopkit.otp.models import Challenge

from .budgets import Purse, purses, spend
from .clock import later, left_until, whole_seconds

PURPOSE = re.compile(r"[a-z0-9_.-]{1,50}")
SHORTEST_HANDLE = 4
LONGEST_HANDLE = 10
TRIES = 20


@dataclass(frozen=True)
class Issued:
    """What may be told to whoever asked; it is the same whether we know the destination or not.

    resend_at -- from when on another code for this may be asked for
    """

    challenge: UUID
    channel: str
    expires_at: datetime
    resend_at: datetime


def issue(  # noqa: PLR0913 - each is a fact of its own, and all but two are always known
    *,
    purpose: str,
    channel: str,
    destination: str,
    client_address: str | None,
    language: str = "",
    user_ref: str = "",
    payload: Mapping[str, Any] | None = None,
    is_decoy: bool = False,
    asked_as: str = "",
) -> Issued:
    """Make a challenge whose code is on its way; an earlier one for the same is withdrawn.

    Sending happens after the commit and outside of the caller, from the challenge's id alone.

    Call it outside a transaction (RuntimeError otherwise): what a refusal has counted must stay.
    Whoever wants to answer the same for the known and the unknown calls it for both, with
    ``is_decoy`` for the unknown: that does the same work, uses the same budgets, is never sent and
    can never be answered.

    purpose -- what a right answer permits: "sign_in"; 1 to 50 of a-z 0-9 _ . -
    destination -- phone in any usual spelling, e-mail address, "telegram:<chat id>"; for a decoy
        any text that stands for it
    client_address -- as ``core.limits.client_address`` gives it; None where a bot speaks for
        somebody whose address nobody sees
    user_ref, payload -- given back by ``verify``; JSON-ready
    asked_as -- the name that the asker gave for the destination, where that is another: the pause
        and the budget of the destination are then the name's, so that nobody sees by them that the
        two belong together

    Raises ValidationError for "channel", "phone", "email" or "destination"; RateLimited within the
    resend pause, which depends on purpose and destination (or name) only, and when a budget is
    used up.
    Announces ``code_issued``.
    """
    if not PURPOSE.fullmatch(purpose):
        raise ValueError("purpose must be 1 to 50 of a-z 0-9 _ . -")
    chosen = _chosen(channel)
    accepted = _accepted(destination, chosen, is_decoy=is_decoy)
    challenge = Challenge(
        purpose=purpose,
        channel=channel,
        destination=accepted,
        asked_as=_stand_in(asked_as) if asked_as else accepted,
        client_address=client_address or "",
        language=language[:35],
        user_ref=user_ref,
        payload=dict(payload or {}),
        is_decoy=is_decoy,
    )
    budgets = _budgets(challenge, chosen, client_address)
    with transaction.atomic(durable=True):
        wait = _issue(challenge, chosen, budgets)
    if wait:
        raise RateLimited(retry_after=wait)
    return Issued(challenge.pk, channel, challenge.expires_at, challenge.resend_at)


def is_served(*, channel: str, destination: str) -> bool:
    """Say whether this site sends codes through ``channel`` to ``destination``."""
    try:
        _accepted(destination, _chosen(channel), is_decoy=False)
    except ValidationError:
        return False
    return True


def _chosen(name: str) -> OtpChannel:
    if name not in channel_paths():
        text = _("Codes cannot be sent this way here.")
        raise ValidationError({"channel": ValidationError(text, code="unknown_channel")})
    return load_channel(name)


def _accepted(destination: str, channel: OtpChannel, *, is_decoy: bool) -> str:
    try:
        found = normalise(destination)
    except ValidationError:
        if not is_decoy:
            raise
        return _stand_in(destination)
    kind = kind_of(found)
    if kind not in channel.kinds and not is_decoy:
        text = _("Codes cannot be sent there this way.")
        raise ValidationError({"channel": ValidationError(text, code="wrong_channel")})
    if kind == "phone" and channel.is_metered:
        check_cost(found)
    return found


def _stand_in(name: str) -> str:
    """Return what is counted for a name: no destination begins like it."""
    return f"?{name.strip().lower()[:253]}"


def _budgets(challenge: Challenge, channel: OtpChannel, address: str | None) -> list[Purse]:
    """From who asks over whom it reaches to what it costs; see ``spend`` for why."""
    settings = otp_settings()
    found = [] if address is None else purses("address", address, settings.PER_ADDRESS)
    found += purses("destination", challenge.asked_as, settings.PER_DESTINATION)
    if channel.is_metered:
        block = challenge.destination[: settings.PREFIX_DIGITS + 1]
        found += purses("prefix", block, settings.PER_PREFIX)
    return [*found, *purses("channel", challenge.channel, settings.PER_CHANNEL)]


def _issue(challenge: Challenge, channel: OtpChannel, budgets: list[Purse]) -> int:
    """Return 0, or the seconds to wait; nothing is raised, so that what was counted is kept."""
    # Both locks, even where they are one: a name that leads nowhere is held up no less.
    names = (challenge.destination, challenge.asked_as)
    hold(*(f"otp:{challenge.purpose}:{name}" for name in names))
    wait = _pause_left(challenge) or spend(budgets)
    if wait:
        return wait
    same = Challenge.objects.filter(purpose=challenge.purpose, destination=challenge.destination)
    same.unspent().update(voided_at=Now())
    _store(challenge, needs_handle=channel.needs_handle)
    code_issued.announce(challenge=str(challenge.pk))
    return 0


def _pause_left(challenge: Challenge) -> int:
    """An answered code lifts the pause: its owner was there."""
    rows = Challenge.objects.filter(
        purpose=challenge.purpose,
        asked_as=challenge.asked_as,
        consumed_at=None,
        resend_at__gt=Now(),
    )
    left = rows.order_by("-resend_at").values_list(left_until("resend_at"), flat=True).first()
    # SQLite compares moments as texts, where "12:00:00.123000" is later than "12:00:00.123".
    return whole_seconds(left) if left else 0


def _store(challenge: Challenge, *, needs_handle: bool) -> None:
    settings = otp_settings()
    challenge.nonce = secrets.token_hex(16)
    challenge.key_id = next(iter(server_keys()))
    challenge.length = settings.CODE_LENGTH
    challenge.max_attempts = settings.MAX_ATTEMPTS
    challenge.resend_at = later(settings.RESEND_AFTER)
    challenge.expires_at = later(settings.LIFETIME)
    if needs_handle:
        _store_with_handle(challenge)
    else:
        challenge.save(force_insert=True)
    challenge.refresh_from_db(fields=("expires_at", "resend_at"))


def _store_with_handle(challenge: Challenge) -> None:
    size = _handle_size()
    for _try in range(TRIES):
        challenge.handle = str(secrets.randbelow(10**size)).zfill(size)
        # Nobody can answer an overdue one any more, so its handle is free.
        Challenge.objects.overdue().filter(handle=challenge.handle).update(voided_at=Now())
        try:
            with transaction.atomic():
                challenge.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise Conflict


def _handle_size() -> int:
    """Nine handles of ten stay free, so that a guessed one seldom meets a challenge."""
    taken = Challenge.objects.live().exclude(handle="").count()
    return max(SHORTEST_HANDLE, min(len(str(taken)) + 1, LONGEST_HANDLE))
