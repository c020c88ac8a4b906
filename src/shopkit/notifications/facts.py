"""Facts of notifications."""

from shopkit.core.facts import Fact

# Carries message_id, as text; and is_retry, 1 when staff want it sent however old it is. One fact
# for each message, so that a way that fails neither holds up nor repeats the others.
notification_due = Fact("notifications.due")
