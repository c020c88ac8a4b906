"""What accounts announce."""

from shopkit.core.facts import Fact

# Somebody asked for an account with an address that is to be proven. Carries the challenge, whether
# its address is somebody's already or not.
registration_begun = Fact("accounts.registration_begun")
# A new account, once, whatever way it was made: carries the user's key as text, ``user``.
account_created = Fact("accounts.created")
# Something its owner must know of. Carries ``user``, the user's key as text; ``kind``, one of
# ``services.notices.KINDS``; ``challenge``, the one that changed it, or ""; ``language``, the one
# that it was changed in, or "".
account_changed = Fact("accounts.changed")
# One message about that is due: ``channel`` says which contact gets it, one that the account has or
# one that was replaced.
notice_due = Fact("accounts.notice_due")
# Somebody forgot a password; carries the challenge, whether he is known or not.
reset_asked = Fact("accounts.reset_asked")
