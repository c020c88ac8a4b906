"""Settings of reviews."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkit.core.conf import Section
from shopkit.core.rates import rates

MODERATION = ("none", "new_authors", "all")
LONGEST_TEXT = 10_000


@dataclass(frozen=True, kw_only=True)
class ReviewsSettings:
    """``SHOPKIT["REVIEWS"]``: what customers think.

    CAN_REVIEW -- dotted path of ``(user, product) -> bool``: who may rate a product;
        "shopkit.orders.services.has_bought" for its buyers. None: whoever is signed in. Comments
        without a rating are not asked about
    VERIFIED -- dotted path of ``(user, product) -> bool``: whose review is marked as that of a
        buyer, found when it is written; "shopkit.orders.services.has_bought" where orders are
        installed. None: nobody's
    RATING_REQUIRED -- False allows comments without a rating: any number, and they do not count
    MODERATION -- "none": published at once; "new_authors": staff publish until an author has a
        published review; "all": staff publish everything. What staff rejected waits for them again
        when its author changes it, whatever stands here
    MAX_TEXT -- most characters of a text, at most 10 000
    PER_USER -- budget of reviews and comments of one user, such as ("10/hour", "30/day"); what
        he took away again counts too. An empty list lifts it
    AUTHOR_NAME -- dotted path of ``(user) -> str``: the name that everybody reads. What looks like
        an e-mail address or a phone number is never shown, whatever it returns
    """

    CAN_REVIEW: str | None = None
    VERIFIED: str | None = None
    RATING_REQUIRED: bool = True
    MODERATION: str = "none"
    MAX_TEXT: int = 5000
    PER_USER: Sequence[str] = ("10/hour", "30/day")
    AUTHOR_NAME: str = "shopkit.reviews.authors.short_name"

    def __post_init__(self) -> None:
        if self.MODERATION not in MODERATION:
            raise ValueError('MODERATION must be "none", "new_authors" or "all".')
        if not 1 <= self.MAX_TEXT <= LONGEST_TEXT:
            raise ValueError(f"MAX_TEXT must be from 1 to {LONGEST_TEXT}.")
        rates(self.PER_USER, name="PER_USER")


reviews_settings = Section("REVIEWS", ReviewsSettings)
