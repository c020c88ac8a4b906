"""What people are told, kind by kind, in the words of the house.

A text is a list of sentences; one that names a value which is not there is left out. Sentences are
translated by the catalogues in ``locale/``. Those for text messages hold plain ASCII letters in
every language, because one other letter would halve what fits into an SMS.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Sentence = str | Promise


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of news.

    label -- what the list of preferences calls it
    title -- of the inbox, and subject of a mail
    text -- of the inbox, a mail and a chat
    short -- of a text message
    is_staff -- for the staff; others are for a user or a guest
    over -- statuses of an order in which it is no longer worth telling
    """

    label: Sentence
    title: Sentence
    text: Sequence[Sentence]
    short: Sequence[Sentence] = ()
    is_staff: bool = False
    over: frozenset[str] = frozenset()


REFUND = _("We will return %(refund)s to you.")
GONE = frozenset({"cancelled", "returned"})

KINDS: Mapping[str, Kind] = {
    "order_placed": Kind(
        label=_("Order received"),
        title=_("We have received your order %(number)s"),
        text=(
            _("Thank you for your order %(number)s of %(placed_at)s."),
            _("Total: %(total)s."),
            _("We will tell you when it is on its way."),
        ),
        short=(
            pgettext_lazy("SMS", "Order %(number)s received."),
            pgettext_lazy("SMS", "Total: %(total)s."),
        ),
        over=GONE,
    ),
    "order_paid": Kind(
        label=_("Payment received"),
        title=_("Order %(number)s is paid"),
        text=(_("We have received your payment of %(amount)s for order %(number)s. Thank you!"),),
        short=(pgettext_lazy("SMS", "Payment of %(amount)s for order %(number)s received."),),
    ),
    "order_shipped": Kind(
        label=_("Order sent"),
        title=_("Order %(number)s is on its way"),
        text=(
            _("Your order %(number)s has been sent."),
            _("Tracking number: %(tracking)s"),
        ),
        short=(
            pgettext_lazy("SMS", "Order %(number)s is on its way."),
            pgettext_lazy("SMS", "Tracking number: %(tracking)s"),
        ),
        over=GONE | {"delivered"},
    ),
    "order_delivered": Kind(
        label=_("Order delivered"),
        title=_("Order %(number)s is delivered"),
        text=(_("Your order %(number)s has been delivered. Thank you for buying from us!"),),
        short=(pgettext_lazy("SMS", "Order %(number)s is delivered. Thank you!"),),
        over=GONE,
    ),
    "order_cancelled": Kind(
        label=_("Order cancelled"),
        title=_("Order %(number)s is cancelled"),
        text=(
            _("Your order %(number)s has been cancelled."),
            "%(why)s",
            REFUND,
        ),
        short=(
            pgettext_lazy("SMS", "Order %(number)s is cancelled."),
            pgettext_lazy("SMS", "We will return %(refund)s."),
        ),
    ),
    "order_returned": Kind(
        label=_("Order returned"),
        title=_("Order %(number)s is returned"),
        text=(_("We have taken your order %(number)s back."), REFUND),
        short=(
            pgettext_lazy("SMS", "Order %(number)s is returned."),
            pgettext_lazy("SMS", "We will return %(refund)s."),
        ),
    ),
    "order_refunded": Kind(
        label=_("Money returned"),
        title=_("Money returned for order %(number)s"),
        text=(_("We have returned %(amount)s for order %(number)s."),),
        short=(pgettext_lazy("SMS", "We have returned %(amount)s for order %(number)s."),),
    ),
    "back_in_stock": Kind(
        label=_("Back in stock"),
        title=_("%(product)s is back in stock"),
        text=(_("%(product)s, which you were waiting for, can be had again."),),
        short=(pgettext_lazy("SMS", "%(product)s is back in stock."),),
    ),
    "welcome": Kind(
        label=pgettext_lazy("notification", "Welcome"),
        title=_("Welcome!"),
        text=(_("Your account is ready. News of your orders will stand here."),),
        short=(pgettext_lazy("SMS", "Your account is ready."),),
    ),
    "review_published": Kind(
        label=_("Review published"),
        title=_("Your review of %(product)s is published"),
        text=(_("Everybody can read your review of %(product)s now. Thank you!"),),
        short=(pgettext_lazy("SMS", "Your review is published."),),
    ),
    "review_rejected": Kind(
        label=_("Review not published"),
        title=_("Your review of %(product)s is not published"),
        text=(
            _("Your review of %(product)s is not shown: it does not fit the rules of the shop."),
            _("Change it, and we will look at it again."),
        ),
        short=(pgettext_lazy("SMS", "Your review is not published."),),
    ),
    "staff_order_placed": Kind(
        label=_("Staff: new order"),
        title=_("New order %(number)s"),
        text=("%(placed_at)s", "%(customer)s", _("Total: %(total)s.")),
        is_staff=True,
        over=GONE,
    ),
    "staff_order_paid": Kind(
        label=_("Staff: order paid"),
        title=_("Order %(number)s is paid"),
        text=(_("Order %(number)s: %(amount)s received."),),
        is_staff=True,
    ),
    "staff_payment_review": Kind(
        label=_("Staff: money to look at"),
        title=_("Money to look at: %(number)s"),
        text=("%(why)s", _("Payment method: %(provider)s")),
        is_staff=True,
    ),
    "staff_review_waiting": Kind(
        label=_("Staff: review to look at"),
        title=_("A review waits: %(product)s"),
        text=(
            _("Somebody wrote about %(product)s. Nobody else sees it before you publish it."),
            _("Rating: %(rating)s"),
        ),
        is_staff=True,
    ),
    "staff_stock_low": Kind(
        label=_("Staff: stock is low"),
        title=_("Low stock: %(product)s"),
        text=(_("%(product)s (%(sku)s) is running out. Left: %(available)s"),),
        is_staff=True,
    ),
}

# Why something happened, where people are told; what staff typed is not for customers.
REASONS: Mapping[str, Sentence] = {"expired": _("It was not paid in time.")}

# Why money is put before a person, by the code of a payment's review. For staff alone.
REVIEWS: Mapping[str, Sentence] = {
    "wrong_amount": _("The gateway tells of another amount than ours."),
    "wrong_currency": _("The gateway tells of another currency than ours."),
    "wrong_reference": _("The money came under the number of another order or payment."),
    "wrong_mode": _("Test money came to the real shop, or real money to a test."),
    "unknown_payment": _("The gateway tells of a payment that we do not know."),
    "unknown_order": _("Money came for an order that we do not have."),
    "paid_cancelled": _("Money came for an order that was cancelled."),
    "paid_twice": _("Money came for an order that was paid already."),
    "closed_after_paid": _("The gateway ended a payment whose money had come."),
    "refunded_outside": _("The gateway gave money back that we had not asked to return."),
    "refund_failed": _("A refund failed: the money did not go back."),
    "refund_by_hand": _("A refund has to be made by hand."),
    "dispute": _("The customer disputes the payment at the bank."),
}

# The words for where an order is, as staff read them under a message.
STATUSES: Mapping[str, Sentence] = {
    "placed": pgettext_lazy("order", "placed"),
    "processing": pgettext_lazy("order", "confirmed"),
    "shipped": pgettext_lazy("order", "sent"),
    "delivered": pgettext_lazy("order", "delivered"),
    "cancelled": pgettext_lazy("order", "cancelled"),
    "returned": pgettext_lazy("order", "returned"),
}
