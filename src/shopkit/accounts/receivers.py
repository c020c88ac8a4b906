"""What follows from facts and from rows that go, outside of the request that caused it."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from .facts import account_changed, account_created, notice_due, registration_begun, reset_asked
from .models import Profile
from .services import notices
from .services.photos import forget_photo


@registration_begun.subscribe
def tell_known(challenge: str) -> None:
    """Tell the owner of an address that somebody wants to register with it."""
    notices.tell_known(challenge=challenge)


@reset_asked.subscribe
def tell_why_not(challenge: str) -> None:
    """Tell the owner of an address that it cannot set a new password alone."""
    notices.tell_known(challenge=challenge)


@account_created.subscribe
def welcome(user: str) -> None:
    """Greet a new user."""
    notices.welcome(user=user)


@account_changed.subscribe
def tell_change(user: str, kind: str, challenge: str, language: str) -> None:
    """Let every contact of a user hear what was changed."""
    notices.tell_change(user=user, kind=kind, challenge=challenge, language=language)


@notice_due.subscribe
def send_notice(user: str, kind: str, channel: str, challenge: str, language: str) -> None:
    """Send one of those messages."""
    notices.send_notice(
        user=user, kind=kind, channel=channel, challenge=challenge, language=language
    )


@receiver(post_delete, sender=Profile)
def forget_photo_of(instance: Profile, using: str, **_: Any) -> None:
    """Let the photo go with its profile, whoever deletes the user by whatever way."""
    forget_photo(instance, using=using)
