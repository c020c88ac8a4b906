"""The category tree in the admin."""

# mypy: disable-error-code="type-arg"

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.models import Category
from shopkit.catalog.services.tree import create_category, delete_category, update_category

from .base import ServiceAdmin
from .translations import TranslatedAdmin, TranslatedForm


class CategoryForm(TranslatedForm):
    """A category; an empty slug is made from the name."""

    class Meta:
        model = Category
        fields = ("name", "slug", "parent", "position", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_parent(self) -> Category | None:
        """Refuse a place below itself."""
        parent: Category | None = self.cleaned_data["parent"]
        if (
            parent
            and self.instance.pk
            and parent.is_descendant_of(self.instance, include_self=True)
        ):
            raise ValidationError(_("A category cannot be moved below itself."))
        return parent


class LevelFilter(admin.AllValuesFieldListFilter):
    """Filter by depth, which the tree's own field has no translated name for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("level")


@admin.register(Category)
class CategoryAdmin(TranslatedAdmin, ServiceAdmin):
    """The tree in its order; moves and deletions go through the tree service."""

    form = CategoryForm
    list_display = ("indented_name", "slug", "position", "is_active")
    list_display_links = ("indented_name",)
    list_filter = ("is_active", ("level", LevelFilter))
    list_per_page = 500
    search_fields = ("name", "slug")
    ordering = ("tree_id", "lft")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 - Django's form

    @admin.display(description=_("name"))
    def indented_name(self, category: Category) -> str:
        """Show how deep it stands."""
        return format_html(
            '<span style="padding-inline-start: {}px">{}</span>', category.level * 20, category.name
        )

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: Any) -> None:
        """Write the node under the tree's lock."""
        if change:
            update_category(obj, changes=form.changed_row())
        else:
            obj.pk = create_category(**form.new_row()).pk

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        """Take an empty node away."""
        delete_category(obj)
