"""Use cases of accounts: registering, signing in and out, tokens, profile, password."""

from .contact_changes import change_contact, finish_change
from .passwordless import SignedIn, answer_code, answer_link, ask_code
from .passwords import change_password, forget_password, reset_password
from .profiles import Card, card_of, change_profile, profile_of
from .registration import Newcomer, begin_registration, forget_registrations, register
from .second_factor import finish_sign_in, let_in, set_two_factor
from .sessions import (
    end_sessions,
    forget_sessions,
    own_session,
    refresh,
    session_of,
    sign_out,
    start_session,
)
from .signing_in import sign_in
from .tokens import Tokens

__all__ = [
    "Card",
    "Newcomer",
    "SignedIn",
    "Tokens",
    "answer_code",
    "answer_link",
    "ask_code",
    "begin_registration",
    "card_of",
    "change_contact",
    "change_password",
    "change_profile",
    "end_sessions",
    "finish_change",
    "finish_sign_in",
    "forget_password",
    "forget_registrations",
    "forget_sessions",
    "let_in",
    "own_session",
    "profile_of",
    "refresh",
    "register",
    "reset_password",
    "session_of",
    "set_two_factor",
    "sign_in",
    "sign_out",
    "start_session",
]
