"""Admin of reviews: a queue to decide about. The words stay those of who wrote them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shopkit.catalog.admin.base import SHEET, ServiceAdmin

from .authors import author_name
from .models import MOST_STARS, Review
from .services import delete_review, moderate_review
from .services.moderating import FACTS

LONGEST_REASON = 500


class StatusFilter(admin.SimpleListFilter):
    """The queue, unless something else is asked for."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return what can be asked for besides the queue."""
        statuses = [one for one in Review.Status.choices if one[0] != Review.Status.PENDING]
        return [*statuses, ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        """Return the links; the first, which nothing need be chosen for, is the queue."""
        first, *others = super().choices(changelist)
        yield {**first, "display": Review.Status.PENDING.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        """Return the rows of the chosen status."""
        if self.value() == "all":
            return queryset
        return queryset.filter(status=self.value() or Review.Status.PENDING)


class DecideActionForm(ActionForm):
    """The list's actions, with a word on why."""

    reason = forms.CharField(label=_("Reason:"), max_length=LONGEST_REASON, required=False)


class DecideForm(forms.ModelForm):
    """Publish or reject. That a review waits is no decision, and none is made by a mere save."""

    status = forms.ChoiceField(
        label=_("Decision"),
        choices=[("", "---------"), *((one, Review.Status(one).label) for one in sorted(FACTS))],
    )

    class Meta:
        model = Review
        fields = ("status", "reason")


@admin.register(Review)
class ReviewAdmin(ServiceAdmin):
    """Staff read, publish, reject and delete; they write nothing in another's name."""

    form = DecideForm
    action_form = DecideActionForm
    actions = ("publish", "reject")
    list_display = ("words", "stars", "product", "author", "buyer", "status", "created_at")
    list_filter = (StatusFilter, "rating", "verified")
    list_select_related = ("product", "user")
    search_fields = ("title", "text", "product__name", "product__slug")
    search_help_text = _("Words of the review, name or slug of the product.")
    date_hierarchy = "created_at"
    list_per_page = 50
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("page", "account", "stars", "verified", "title", "written")}),
        (_("Decision"), {"fields": ("status", "reason", "moderated_by", "moderated_at")}),
        (_("Dates"), {"fields": ("created_at", "updated_at")}),
    )
    readonly_fields = (
        "page", "account", "stars", "verified", "title", "written", "moderated_by",
        "moderated_at", "created_at", "updated_at",
    )  # fmt: skip

    class Media:
        css = SHEET

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Who has waited longest comes first; of what is decided, the newest."""
        return ("-created_at", "-pk") if request.GET.get("status") else ("created_at", "pk")

    @admin.display(description=_("review"))
    def words(self, review: Review) -> str:
        """Show how it begins; Django's templates escape it."""
        return Truncator(" — ".join(filter(None, (review.title, review.text)))).chars(90) or "—"

    @admin.display(description=_("rating"), ordering="rating", empty_value="")
    def stars(self, review: Review) -> str | None:
        """Show the stars; a comment has none."""
        if review.rating is None:
            return None
        return "★" * review.rating + "☆" * (MOST_STARS - review.rating)

    @admin.display(description=_("author"))
    def author(self, review: Review) -> str:
        """Show the name that everybody reads."""
        return author_name(review.user)

    @admin.display(description=_("buyer"), ordering="verified")
    def buyer(self, review: Review) -> str:
        """Mark who had bought the product; of others nothing is known."""
        return "✓" if review.verified else ""

    @admin.display(description=_("author"))
    def account(self, review: Review) -> str:
        """Link to the account, where the site has a page for it."""
        return _linked(review.user, f"{author_name(review.user)} ({review.user})")

    @admin.display(description=_("product"))
    def page(self, review: Review) -> str:
        """Link to the product."""
        return _linked(review.product, str(review.product))

    @admin.display(description=_("text"))
    def written(self, review: Review) -> str:
        """Show all of it in the lines of its author, as text whatever it looks like."""
        return format_html('<div style="white-space: pre-wrap">{}</div>', review.text or "—")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes in another's name."""
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Say whether the actions are shown."""
        return request.user.has_perm("shopkit_reviews.change_review")

    @admin.action(description=_("Publish"), permissions=["decide"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """Let everybody read the chosen reviews."""
        count = self._decide(request, queryset, Review.Status.PUBLISHED)
        text = ngettext("%d review is published.", "%d reviews are published.", count)
        self.message_user(request, text % count, messages.SUCCESS)

    @admin.action(description=_("Reject"), permissions=["decide"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """Take the chosen reviews out of sight."""
        count = self._decide(request, queryset, Review.Status.REJECTED)
        text = ngettext("%d review is rejected.", "%d reviews are rejected.", count)
        self.message_user(request, text % count, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: Any) -> None:
        """Let the service decide; ratings follow."""
        moderate_review(obj.pk, status=obj.status, actor=request.user, reason=obj.reason)

    def delete_model(self, request: HttpRequest, obj: Review) -> None:
        """Let the service delete; ratings follow."""
        delete_review(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """Delete the chosen ones, each in a transaction of its own."""
        for pk in queryset.values_list("pk", flat=True):
            delete_review(pk)

    def _decide(self, request: HttpRequest, rows: QuerySet[Review], status: str) -> int:
        """Decide about each in a transaction of its own; one that is gone is passed over."""
        reason = request.POST.get("reason") or None
        decided = 0
        for pk in rows.order_by("pk").values_list("pk", flat=True):
            try:
                moderate_review(pk, status=status, actor=request.user, reason=reason)
            except Review.DoesNotExist:
                continue
            decided += 1
        return decided


def _linked(row: Any, text: str) -> str:
    try:
        url = resolve_url(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", row.pk)
    except NoReverseMatch:
        return text
    return format_html('<a href="{}">{}</a>', url, text)
