"""One box per language for every text that is translated, in place of raw JSON."""

# mypy: disable-error-code="type-arg"

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.translation import LONGEST, TranslationChanges, merged, other_languages

from .looking import ShowsTexts, may_write

PREFIX = "text"
# A text that may be longer than this is written in a box of several lines.
ONE_LINE = 250


class TranslatedForm(forms.ModelForm):
    """A form of a ``Translated`` row; ``with_texts`` makes the subclass that has the boxes.

    Languages that have no box, because LANGUAGES no longer lists them, keep their texts.

    texts -- (language, member) by the name of the box
    columns -- the other fields, which are written as they are
    """

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {}
    columns: ClassVar[Sequence[str]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (language, member) in self.texts.items():
            if name in self.fields:
                stored = self.instance.translations.get(language) or {}
                self.initial.setdefault(name, stored.get(member, ""))

    @property
    def text_changes(self) -> TranslationChanges:
        """Return what was typed into the boxes that were changed; an emptied one is ""."""
        found = TranslationChanges()
        for name in self.changed_data:
            if name in self.texts:
                language, member = self.texts[name]
                found.setdefault(language, {})[member] = self.cleaned_data[name]
        return found

    def new_row(self) -> dict[str, Any]:
        """Return everything, for a new row."""
        own = {name: self.cleaned_data[name] for name in self.own_fields}
        return {**own, "translations": merged({}, self.text_changes)}

    def changed_row(self) -> dict[str, Any]:
        """Return what was changed."""
        changed = set(self.changed_data)
        found = {name: self.cleaned_data[name] for name in self.own_fields if name in changed}
        if texts := self.text_changes:
            found["translations"] = texts
        return found

    @property
    def own_fields(self) -> list[str]:
        """The columns that are on this page."""
        return [name for name in self.columns if name in self.cleaned_data]


def with_texts(form: Any, *, is_row: bool = False) -> Any:
    """Return a subclass of a ``TranslatedForm`` with a box for each text and language.

    is_row -- the form is a row of a table, whose column says which text it is
    """
    model = form._meta.model
    texts = {
        f"{PREFIX}:{language}:{member}": (language, member)
        for member in model.translatable
        for language, _name in other_languages()
    }
    called = dict(other_languages())
    boxes = {
        box: _box(model._meta.get_field(member), language, called[language], is_row=is_row)
        for box, (language, member) in texts.items()
    }
    names = {"texts": texts, "columns": form._meta.fields}
    return type(form.__name__, (form,), {**boxes, **names})


def _box(column: Any, language: str, name: str, *, is_row: bool) -> forms.Field:
    longest = LONGEST[column.name]
    attributes = {"lang": language, "dir": "auto"}
    widget: forms.Widget
    if longest > ONE_LINE:
        widget = AdminTextareaWidget(attrs={**attributes, "rows": 5})
    elif is_row:
        widget = forms.TextInput(attrs={**attributes, "size": 14})
    else:
        widget = AdminTextInputWidget(attrs=attributes)
    label = name if is_row else f"{capfirst(column.verbose_name)}, {name}"
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


def _rows(form: Any) -> list[Any]:
    """Return the boxes as a page has them: short texts side by side, long ones below."""
    rows: list[Any] = []
    for member in form._meta.model.translatable:
        boxes = tuple(name for name, (_code, of) in form.texts.items() if of == member)
        rows += boxes if LONGEST[member] > ONE_LINE else [boxes]
    return rows


class TranslatedAdmin(ShowsTexts, admin.ModelAdmin):
    """Pages with boxes for the texts in other languages, and lists that show where one lacks."""

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]
        """Build the form with today's languages."""
        return super().get_form(request, obj, **{**kwargs, "form": self.form_class(request, obj)})

    def form_class(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the form with its boxes."""
        return with_texts(self.form)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the columns, then the texts."""
        form = self.form_class(request, obj)
        return [(None, {"fields": form._meta.fields}), *self.text_fieldsets(request, obj, form)]

    def text_fieldsets(self, request: HttpRequest, obj: Any, form: Any) -> list[Any]:
        """Return the part of a page that has the texts; who may only look is shown no boxes."""
        if not form.texts:
            return []
        rows = _rows(form) if may_write(self, request, obj) else ["written_texts"]
        return [(_("In other languages"), {"fields": rows})]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Say what is missing where there is something to translate into."""
        shown = super().get_list_display(request)
        return [*shown, "missing_texts"] if other_languages() else shown

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Find what is missing."""
        return [*super().get_list_filter(request), MissingTextFilter]

    @admin.display(description=_("missing in"))
    def missing_texts(self, row: Any) -> str | None:
        """Name the languages in which the row has no name."""
        return ", ".join(row.missing_languages()) or None


class MissingTextFilter(admin.SimpleListFilter):
    """Rows that have no name in a language."""

    title = _("not translated into")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the languages that texts are translated into."""
        return list(other_languages())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows without a name in the chosen language."""
        language = self.value()
        if language not in dict(other_languages()):
            return queryset
        text = f"translations__{language}__{queryset.model.translatable[0]}"
        return queryset.filter(Q(**{f"{text}__isnull": True}) | Q(**{text: ""}))
