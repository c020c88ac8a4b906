"""Facts of payments."""

from shopkit.core.facts import Fact

payment_settled = Fact("payment.settled")  # carries payment_id, as text: money came
payment_refunded = Fact("payment.refunded")  # carries refund_id, as text: money went back
payment_reviewed = Fact("payment.reviewed")  # carries review_id: a person must look at something
money_owed = Fact("payment.owed")  # carries order_id: we hold money that is not ours
event_received = Fact("payment.event_received")  # carries event_id: a message is to be judged
