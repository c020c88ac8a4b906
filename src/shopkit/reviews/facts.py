"""Facts of reviews. Each carries review_id; by the time it is told the review may be gone."""

from shopkit.core.facts import Fact

review_submitted = Fact("review.submitted")  # its author wrote or changed it, whatever its status
review_published = Fact("review.published")  # everybody can read it now
review_rejected = Fact("review.rejected")  # staff took it out of sight
