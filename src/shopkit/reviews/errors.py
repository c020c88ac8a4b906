"""Refusals of reviews."""

from django.utils.translation import gettext_lazy as _

from shopkit.core.errors import Forbidden, RateLimited, Refusal


class PurchaseRequired(Forbidden):
    """The site's ``CAN_REVIEW`` says no."""

    code = "purchase_required"
    message = _("Only who has bought this product may rate it.")


class AlreadyReviewed(Refusal):
    """details: {"review_id": pk of the user's rated review}."""

    code = "already_reviewed"
    message = _("You have rated this product already. Change that review instead.")


class TooManyReviews(RateLimited):
    """details: {"retry_after": seconds}."""

    message = _("You have written a lot in a short time. Try again later.")
