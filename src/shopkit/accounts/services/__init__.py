"""Use cases of accounts: registering, signing in and out, tokens, profile, password."""

from .passwords import change_password
from .profiles import change_profile, profile_of
from .registration import register
from .sessions import (
    end_sessions,
    own_session,
    refresh,
    session_of,
    sign_in,
    sign_out,
    start_session,
)
from .tokens import Tokens

__all__ = [
    "Tokens",
    "change_password",
    "change_profile",
    "end_sessions",
    "own_session",
    "profile_of",
    "refresh",
    "register",
    "session_of",
    "sign_in",
    "sign_out",
    "start_session",
]
