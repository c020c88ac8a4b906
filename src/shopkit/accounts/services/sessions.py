"""Signing in and out, and the refresh token that works once."""

from typing import Any
from uuid import UUID

from django.contrib.auth import user_logged_in
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest

from shopkit.accounts.conf import accounts_settings
from shopkit.accounts.errors import TokenExpired, TokenInvalid
from shopkit.accounts.models import (
    AuthSession,
    AuthSessionQuerySet,
    EndReason,
    SignInMethod,
    password_stamp,
)
from shopkit.core.limits import client_address
from shopkit.core.purge import delete_all

from .tokens import ACCESS, REFRESH, Tokens, hash_jti, issue_tokens, new_jti, read_token

LONGEST_AGENT = 300


def start_session(
    request: HttpRequest, *, user: Any, method: SignInMethod = SignInMethod.OTHER
) -> Tokens:
    """Begin a session of ``user``, who has just proven who he is, by whatever way.

    Sends Django's ``user_logged_in``; no Django session is made.
    """
    tokens = open_session(request, user=user, method=method)
    request.user = user
    user_logged_in.send(sender=type(user), request=request, user=user)
    return tokens


def open_session(
    request: HttpRequest, *, user: Any, method: SignInMethod = SignInMethod.OTHER
) -> Tokens:
    """Begin a session without telling anybody."""
    jti = new_jti()
    agent = request.headers.get("User-Agent", "")
    session = AuthSession.objects.create(
        user=user,
        token_hash=hash_jti(jti),
        password_stamp=password_stamp(user),
        method=method,
        expires_at=Now() + accounts_settings().REFRESH_LIFETIME,
        agent="".join(letter for letter in agent if letter.isprintable())[:LONGEST_AGENT],
        address=client_address(request),
    )
    return issue_tokens(session, jti=jti)


def session_of(access: str) -> AuthSession:
    """Return the living session of an access token, its user with it, in one statement.

    Raises TokenExpired or TokenInvalid.
    """
    return _trusted(read_token(access, kind=ACCESS).session)


def refresh(token: str) -> Tokens:
    """Exchange a refresh token for a new pair. It works once.

    A used one that comes back means that somebody else holds a copy: the whole session ends,
    committed before the refusal, so call this outside a transaction. There is no grace period:
    two calls at once with one token end the session too.

    Raises TokenInvalid, for an expired token and an ended session as well.
    """
    try:
        claims = read_token(token, kind=REFRESH)
    except TokenExpired as error:
        raise TokenInvalid from error
    session = _trusted(claims.session)
    fresh = new_jti()
    if not _rotate(session, old=claims.jti, new=fresh):
        _end_reused(session)
        raise TokenInvalid
    return issue_tokens(session, jti=fresh)


def sign_out(*, session: AuthSession, everywhere: bool = False) -> None:
    """End ``session``, or every session of its user. Its access tokens stop working at once."""
    rows = AuthSession.objects.all()
    rows = rows.of_user(session.user_id) if everywhere else rows.filter(pk=session.pk)
    end_sessions(rows, reason=EndReason.SIGNED_OUT)


def end_sessions(rows: AuthSessionQuerySet, *, reason: EndReason) -> int:
    """End those of ``rows`` that are alive; return how many."""
    return rows.alive().update(ended_at=Now(), end_reason=reason)


def forget_sessions() -> int:
    """Delete sessions whose time was over ``KEEP_SESSIONS`` ago; return how many.

    Their tokens stay refused: they were expired already, and a session that is not found is ended.
    """
    return delete_all(AuthSession.objects.over(since=accounts_settings().KEEP_SESSIONS).order_by())


def own_session(token: str, *, user: Any) -> AuthSession:
    """Return the living session of ``user`` that a refresh token belongs to.

    A used token ends that session, as it does in ``refresh``.

    Raises TokenInvalid, also for somebody else's token.
    """
    claims = read_token(token, kind=REFRESH)
    session = _trusted(claims.session)
    if session.user_id != user.pk:
        raise TokenInvalid
    if session.token_hash != hash_jti(claims.jti):
        _end_reused(session)
        raise TokenInvalid
    return session


def _trusted(pk: UUID) -> AuthSession:
    session = AuthSession.objects.alive().select_related("user").filter(pk=pk).first()
    if session is None or not session.is_trusted():
        raise TokenInvalid
    return session


def _end_reused(session: AuthSession) -> None:
    # Durable: in somebody's transaction the refusal that follows would undo it; that is loud.
    with transaction.atomic(durable=True):
        end_sessions(AuthSession.objects.filter(pk=session.pk), reason=EndReason.REUSED)


def _rotate(session: AuthSession, *, old: str, new: str) -> bool:
    # One conditional statement without a join: PostgreSQL checks these very conditions again on
    # the row as another rotation left it, so of any number at once one wins.
    current = AuthSession.objects.alive().filter(pk=session.pk, token_hash=hash_jti(old))
    expires_at = Now() + accounts_settings().REFRESH_LIFETIME
    fresh = {"token_hash": hash_jti(new), "used_at": Now(), "expires_at": expires_at}
    return bool(current.update(**fresh))
