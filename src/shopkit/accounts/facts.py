"""What accounts announce."""

from shopkit.core.facts import Fact

# Carries the challenge, whether its address is somebody's already or not.
registration_begun = Fact("accounts.registration_begun")
account_created = Fact("accounts.created")  # carries the user's key as text
# Something its owner must know of: the user's key as text; "password", "phone" or "email"; the
# challenge that changed it, or "".
account_changed = Fact("accounts.changed")
