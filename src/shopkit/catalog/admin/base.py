"""What the catalogue's admin pages share."""

# mypy: disable-error-code="type-arg"
# ModelAdmin is generic in the stubs only, not when it runs.

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from shopkit.core.errors import Refusal

SHEET = {"all": ("shopkit_catalog/admin/pages.css",)}


class ServiceAdmin(admin.ModelAdmin):
    """Saves and deletes through services; what they refuse is said on the page, never a 500.

    Forms check what they can, so a refusal that arrives here is rare: the last variant, a value
    in use, a race with another writer. The transaction is rolled back, what was typed is lost.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show or save one row."""
        return self.answer(super().changeform_view, request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the list, or run an action on it."""
        return self.answer(super().changelist_view, request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask, then delete."""
        return self.answer(super().delete_view, request, *args, **kwargs)

    def answer(
        self, view: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Run Django's own view; a refusal becomes a message on the same page."""
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            sentences = self.words_of(refusal)
        except ValidationError as error:
            sentences = error.messages
        except ObjectDoesNotExist:
            sentences = [_("Somebody else has deleted this meanwhile.")]
        for sentence in sentences:
            self.message_user(request, sentence, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def words_of(self, refusal: Refusal) -> list[str]:
        """Return what is said on the page."""
        return [str(refusal)]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete the chosen rows, all or none."""
        with transaction.atomic():
            for row in queryset:
                self.delete_model(request, row)


def note_changes(formset: Any, *, new: list[Any], changed: list[Any], deleted: list[Any]) -> None:
    """Tell Django's history what the services did in place of ``formset.save()``."""
    formset.new_objects = new
    formset.changed_objects = changed
    formset.deleted_objects = deleted


def place_of(form: Any) -> tuple[bool, int, bool]:
    """Sort by the numbers that were given; of two with the same, the one moved there first."""
    position = form.cleaned_data.get("position")
    return position is None, position or 0, "position" not in form.changed_data
