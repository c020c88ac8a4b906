"""What customers say about products."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.models import Product

from .conf import LONGEST_TEXT

MOST_STARS = 5
LONGEST_TITLE = 150


class ReviewQuerySet(models.QuerySet["Review"]):
    """Sets of reviews."""

    def published(self) -> ReviewQuerySet:
        """What everybody may read."""
        return self.filter(status=Review.Status.PUBLISHED)

    def counted(self) -> ReviewQuerySet:
        """What a product's rating is made of."""
        return self.published().exclude(rating=None)

    def waiting(self) -> ReviewQuerySet:
        """What staff have to decide about."""
        return self.filter(status=Review.Status.PENDING)

    def visible_to(self, user: Any) -> ReviewQuerySet:
        """What is published of products on sale, and whatever ``user`` wrote himself."""
        public = Q(status=Review.Status.PUBLISHED, product__is_active=True)
        return self.filter(public | Q(user=user) if user.is_authenticated else public)


class Review(models.Model):
    """What one user thinks of one product; without a rating it is a plain comment.

    It is personal: it goes when its author's account goes, and its rating with it.

    rating -- stars from 1 to 5, None for a plain comment
    title, text -- plain text
    verified -- the author had bought the product when this was written
    reason -- why staff decided so; for staff alone
    """

    class Status(models.TextChoices):
        """Who may read it."""

        PENDING = "pending", _("waiting")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("rejected")

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("product")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("author"),
    )
    rating = models.PositiveSmallIntegerField(
        _("rating"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_STARS)],
    )
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    text = models.TextField(_("text"), max_length=LONGEST_TEXT, blank=True)
    verified = models.BooleanField(_("has bought it"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    moderated_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(
        _("reason"), max_length=500, blank=True, help_text=_("For the staff; nobody else reads it.")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "product"),
                condition=Q(rating__isnull=False),
                name="shopkit_review_one_rated_per_user",
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=MOST_STARS),
                name="shopkit_review_rating_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=False) | ~Q(text=""),
                name="shopkit_review_says_something",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("pending", "published", "rejected")),
                name="shopkit_review_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | Q(moderated_at__isnull=False),
                name="shopkit_review_rejected_by_staff",
            ),
        )
        indexes = (
            models.Index(
                fields=("product", "-created_at", "-id"),
                condition=Q(status="published"),
                name="shopkit_review_of_product",
            ),
            models.Index(fields=("user", "-created_at", "-id"), name="shopkit_review_of_user"),
            models.Index(fields=("-created_at", "-id"), name="shopkit_review_newest"),
            models.Index(
                fields=("created_at", "id"),
                condition=Q(status="pending"),
                name="shopkit_review_waiting",
            ),
        )

    def __str__(self) -> str:
        stars = "★" * (self.rating or 0)
        words = Truncator(self.title or self.text).chars(60)
        return " ".join(filter(None, (stars, words)))


class Withdrawal(models.Model):
    """An author took a review away: it counts in his budget as if it were still there.

    Or who writes and deletes in turns would be without one, and a review that staff rejected could
    be written again and be published. Nothing of the words is kept; the row goes after a month.

    written_at -- when the review was written
    was_rejected -- staff had rejected it: what the author writes next waits for them
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("author"),
    )
    written_at = models.DateTimeField(_("written at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), default=timezone.now)
    was_rejected = models.BooleanField(_("rejected"), default=False)

    class Meta:
        verbose_name = _("withdrawn review")
        verbose_name_plural = _("withdrawn reviews")
        indexes = (
            models.Index(fields=("user", "-written_at"), name="shopkit_withdrawal_of_user"),
            models.Index(fields=("withdrawn_at",), name="shopkit_withdrawal_at"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.written_at}"


class Like(models.Model):
    """One user likes one product."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="likes")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("user", "product"), name="shopkit_like_once"),
        )
        indexes = (models.Index(fields=("user", "-id"), name="shopkit_like_of_user"),)

    def __str__(self) -> str:
        return f"{self.user_id}/{self.product_id}"
