"""One box per attribute on the pages of products and variants, made anew for every page."""

# mypy: disable-error-code="type-arg"

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.models import Attribute, AttributeValue, Product, ProductTypeAttribute
from shopkit.catalog.services.attribution import CLOSED, canonical_value
from shopkit.catalog.services.fitting import missing, not_of_type

from .widgets import UnitInput

PREFIX = "attribute:"


@dataclass(frozen=True)
class Box:
    """What one attribute is on a page.

    is_required -- by the product's type, once the product is active
    belongs -- to the product's type; a value that does not has a box to be emptied in
    """

    attribute: Attribute
    is_required: bool = False
    belongs: bool = True

    @property
    def help_text(self) -> Any:
        """What the type says about it."""
        if not self.belongs:
            return _("Does not belong to the type of the product: empty it.")
        return _("An active product of this type needs it.") if self.is_required else ""


class ValueBox(forms.CharField):
    """A value of an open type, stored in its canonical form."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the canonical form."""
        text = str(super().clean(value))
        return canonical_value(self.kind, text) if text else ""


class TickBox(forms.BooleanField):
    """Yes or no where the type wants to know: without a tick it is no."""

    def prepare_value(self, value: Any) -> Any:
        """Tick what is stored as "true"."""
        return value in (True, "true")

    def clean(self, value: Any) -> str:
        """Return the canonical form."""
        return "true" if super().clean(value) else "false"

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare with what is stored."""
        return bool(initial != ("true" if self.to_python(data) else "false"))


class HasAttributes(forms.ModelForm):
    """A form with boxes named after attributes; a subclass is made by ``with_boxes``."""

    boxes: Mapping[str, Box] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, box in self.boxes.items():
            if name in self.fields:
                self.initial.setdefault(name, self.values.get(box.attribute.code, ""))

    @cached_property
    def values(self) -> dict[str, str]:
        """The stored values by code; a list's rows, which show none, do not read them."""
        if not self.instance.pk:
            return {}
        rows = self.instance.attribute_values.all()
        return {row.attribute.code: row.value.value for row in rows}

    @property
    def attributes(self) -> dict[str, str]:
        """All values after this form: those of its boxes, and the ones it has no box for."""
        given = {
            box.attribute.code: self.cleaned_data.get(name, "") for name, box in self.boxes.items()
        }
        merged = {**self.values, **given}
        return {code: text for code, text in merged.items() if text}

    def changes(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what was changed among the fields ``names``, and ``attributes`` if those were."""
        changed = set(self.changed_data)
        found = {name: self.cleaned_data[name] for name in names if name in changed}
        if changed & self.boxes.keys():
            found["attributes"] = self.attributes
        return found

    def add_missing(self, errors: Mapping[str, Any]) -> None:
        """Add the service's objections to fields that Django found nothing wrong with."""
        for name, wrong in errors.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, wrong)

    def refuse_misfits(self, *, is_complete: bool, elsewhere: Collection[str] = ()) -> None:
        """Say at its box what the product's type does not have, or does not go without.

        is_complete -- whether what is required has to be there
        elsewhere -- codes of attributes that are given at another place
        """
        for name, box in self.boxes.items():
            if name not in self.fields or name in self.errors:
                continue
            text = self.cleaned_data.get(name)
            if text and not box.belongs:
                self.add_error(name, not_of_type())
            needed = is_complete and box.is_required and box.attribute.code not in elsewhere
            if needed and not text:
                self.add_error(name, missing())


def with_boxes(form: type[HasAttributes], boxes: Iterable[Box]) -> type[HasAttributes]:
    """Return a subclass of ``form`` with these boxes."""
    named = {f"{PREFIX}{one.attribute.code}": one for one in boxes}
    fields = {name: _field(one) for name, one in named.items()}
    return type(form.__name__, (form,), {**fields, "boxes": named})


def boxes_of(
    *,
    is_variant: bool,
    kind: int | None = None,
    held: QuerySet[Any] | None = None,
    posted: Collection[str] = (),
) -> list[Box]:
    """Return what products, or variants, get a box for: at most three statements.

    kind -- key of the product's type: its attributes, in its order; None: all attributes
    held -- rows of values that are there already; they get a box whatever they are
    posted -- codes of attributes that were filled in before the type was chosen
    """
    chosen = Q(is_variant=is_variant)
    members: dict[int, bool] = {}
    if kind is not None:
        rows = ProductTypeAttribute.objects.filter(type=kind).order_by("position", "pk")
        members = dict(rows.values_list("attribute_id", "is_required"))
        chosen &= Q(pk__in=members)
        chosen |= Q(code__in=posted)
    if held is not None:
        chosen |= Q(pk__in=held.values("attribute"))
    found = list(listed(Attribute.objects.filter(chosen)))
    if kind is None:
        return [Box(one) for one in found]
    places = list(members)
    found.sort(key=lambda one: places.index(one.pk) if one.pk in members else len(places))
    return [
        Box(one, is_required=members.get(one.pk, False), belongs=one.pk in members) for one in found
    ]


def listed(attributes: QuerySet[Attribute]) -> QuerySet[Attribute]:
    """Return the attributes with the values that are chosen from, as ``listed_values``."""
    values = AttributeValue.objects.filter(attribute__type__in=CLOSED).order_by("position", "pk")
    return attributes.prefetch_related(Prefetch("values", queryset=values, to_attr="listed_values"))


def chosen_type(request: HttpRequest, product: Product | None) -> int | None:
    """Return the key of the type that the page is for: chosen just now, or stored."""
    given = request.POST.get("type")
    if given is None and product is None:
        given = request.GET.get("type")
    if given is None:
        return product.type_id if product else None
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def posted_codes(request: HttpRequest, *, of_variants: bool) -> set[str]:
    """Return the codes of the attributes whose boxes were filled in."""
    codes = set()
    for name, text in request.POST.items():
        form, prefix, code = name.rpartition(PREFIX)
        if prefix and bool(form) is of_variants and str(text).strip():
            codes.add(code)
    return codes


def _field(box: Box) -> forms.Field:
    attribute = box.attribute
    given: dict[str, Any] = {
        "label": attribute.name,
        "required": False,
        "help_text": box.help_text,
    }
    if attribute.type == Attribute.Type.NUMBER:
        return ValueBox(**given, kind=attribute.type, widget=UnitInput(attribute.unit))
    if attribute.unit:
        given["label"] = f"{attribute.name}, {attribute.unit}"
    if attribute.type in CLOSED:
        values = [(one.value, one.value) for one in attribute.listed_values]  # type: ignore[attr-defined]
        return forms.ChoiceField(**given, choices=[("", "—"), *values])
    if attribute.type == Attribute.Type.BOOLEAN:
        if box.is_required:
            return TickBox(**given)
        yes_no = [("", "—"), ("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(**given, choices=yes_no)
    return ValueBox(**given, kind=attribute.type)
