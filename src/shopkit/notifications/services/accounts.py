"""What is told about accounts. Their own mails are sent by shopkit.accounts; here is the inbox."""

from shopkit.notifications.recipients import active_user, of_user

from .tell import News, tell


def tell_welcome(user: str) -> None:
    """Greet a new user; once, because there is one such event for each."""
    found = active_user(user)
    if found is not None:
        tell(News(kind="welcome", key=user, about=f"user:{user}"), [of_user(found)])
