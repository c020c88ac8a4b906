"""The page that makes variants of combinations: choose values, look, make."""

# mypy: disable-error-code="type-arg"

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shopkit.catalog.models import Attribute, Product, VariantAttributeValue
from shopkit.catalog.services.attribution import CLOSED
from shopkit.catalog.services.generation import (
    LONGEST_PATTERN,
    NUMBER,
    PRODUCT,
    Generation,
    generate_variants,
    preview_variants,
)
from shopkit.core.conf import core_settings
from shopkit.core.errors import Refusal
from shopkit.core.money import format_amount

from .base import ServiceAdmin
from .boxes import PREFIX, Box, boxes_of
from .widgets import swatch

LARGEST = 2**31 - 1
AMOUNT: dict[str, Any] = {"max_digits": 19, "decimal_places": 4, "min_value": 0}


class ListBox(forms.CharField):
    """Values of an open type with commas between them: "8, 16, 32"."""

    def clean(self, value: Any) -> list[str]:
        """Return the values."""
        return [one.strip() for one in super().clean(value).split(",") if one.strip()]


class GenerationForm(forms.Form):
    """Values of each attribute that makes variants; the service judges them."""

    price = forms.DecimalField(label=capfirst(_("price")), **AMOUNT)
    sale_price = forms.DecimalField(label=capfirst(_("sale price")), required=False, **AMOUNT)
    stock = forms.IntegerField(
        label=capfirst(_("first stock")), min_value=0, max_value=LARGEST, required=False
    )
    sku_pattern = forms.CharField(
        label=_("SKU pattern"),
        max_length=LONGEST_PATTERN,
        required=False,
        widget=forms.TextInput({"size": "50"}),
    )

    def __init__(self, *args: Any, boxes: Iterable[Box], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = {f"{PREFIX}{one.attribute.code}": one.attribute.code for one in boxes}
        own = {f"{PREFIX}{one.attribute.code}": _field(one.attribute) for one in boxes}
        self.fields = {**own, **self.fields}
        names = (PRODUCT, NUMBER, *self.codes.values())
        placeholders = " ".join(f"{{{name}}}" for name in names)
        self.fields["sku_pattern"].help_text = (
            _("Put in place: %s. Without a pattern unique SKUs are made.") % placeholders
        )

    @property
    def wanted(self) -> Generation:
        """What was chosen."""
        given = self.cleaned_data
        choices = {code: given[name] for name, code in self.codes.items() if given.get(name)}
        return Generation(
            choices=choices,
            price=given["price"],
            sale_price=given["sale_price"],
            stock=given["stock"] or 0,
            sku_pattern=given["sku_pattern"],
        )

    @property
    def fingerprint(self) -> str:
        """What tells one choice from another."""
        return hashlib.sha256(repr(self.wanted).encode()).hexdigest()

    def add_refused(self, errors: Mapping[str, Any]) -> None:
        """Say at its field what the service refused."""
        for name, wrong in errors.items():
            first, _dot, code = name.partition(".")
            field = f"{PREFIX}{code}" if first == "choices" else first
            self.add_error(field if field in self.fields else None, wrong)


class GeneratesVariants(ServiceAdmin):
    """A page beside the product's own."""

    generation_template = "admin/shopkit_catalog/product/generate.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_generate"
        view = self.admin_site.admin_view(self.generate_view)
        return [path("<int:pk>/generate/", view, name=name), *super().get_urls()]

    def generate_view(self, request: HttpRequest, pk: int) -> Any:
        """Answer the page; what somebody else did meanwhile is said on it."""
        return self.answer(self.generate, request, pk)

    def generate(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the choices; show what would be made; make it."""
        product = self.get_object(request, str(pk))
        if product is None:
            raise Http404
        may_add = request.user.has_perm("shopkit_catalog.add_variant")
        if not (may_add and self.has_change_permission(request, product)):
            raise PermissionDenied
        form = self.generation_form(request, product)
        generated = None
        if request.method == "POST" and form.is_valid():
            # What was changed after the look is looked at again.
            makes = "_make" in request.POST and request.POST.get("seen") == form.fingerprint
            generated = self.try_generation(request, product, form, makes=makes)
            if generated is not None and makes:
                self.say_generated(request, product, generated)
                self.warn_of_others(request, product, form.wanted)
                return HttpResponseRedirect(self.page_of(product))
        return self.show_generation(request, product, form, generated)

    def generation_form(self, request: HttpRequest, product: Product) -> GenerationForm:
        """Return the form with the attributes that make variants of this product."""
        held = VariantAttributeValue.objects.filter(
            variant__product=product, attribute__is_variant=True
        )
        boxes = boxes_of(is_variant=True, kind=product.type_id, held=held)
        data = request.POST if request.method == "POST" else None
        boxes = [one for one in boxes if one.belongs]
        price = format_amount(product.price_max, core_settings().CURRENCY)
        return GenerationForm(data, boxes=boxes, initial={"price": price})

    def try_generation(
        self, request: HttpRequest, product: Product, form: GenerationForm, *, makes: bool
    ) -> Any:
        """Make the variants, or only look what they would be; None when that is refused."""
        try:
            if makes:
                return generate_variants(product, form.wanted, actor=request.user)
            return preview_variants(product, form.wanted)
        except ValidationError as error:
            form.add_refused(error.error_dict)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        return None

    def say_generated(self, request: HttpRequest, product: Product, generated: Any) -> None:
        """Say what was made, and write it into the product's history."""
        count = len(generated.made)
        said = ngettext("%d variant was made.", "%d variants were made.", count) % count
        if count:
            self.log_change(request, product, said)
        self.message_user(request, said, messages.SUCCESS if count else messages.INFO)

    def warn_of_others(self, request: HttpRequest, product: Product, wanted: Generation) -> None:
        """Say how many variants are on sale that have none of the chosen attributes.

        Usually it is the one that the product was made with.
        """
        having = VariantAttributeValue.objects.filter(attribute__code__in=wanted.choices)
        rows = product.variants.filter(is_active=True).exclude(pk__in=having.values("variant"))
        if count := rows.count():
            said = ngettext(
                "%d variant has none of these attributes. Switch it off if nobody is to buy it.",
                "%d variants have none of these attributes. Switch off what nobody is to buy.",
                count,
            )
            self.message_user(request, said % count, messages.WARNING)

    def show_generation(
        self, request: HttpRequest, product: Product, form: GenerationForm, generated: Any
    ) -> HttpResponse:
        """Return the page."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Generate variants"),
            "subtitle": str(product),
            "opts": self.opts,
            "original": product,
            "form": form,
            "boxes": [form[name] for name in form.codes],
            "others": [form[name] for name in form.fields if name not in form.codes],
            "generated": generated,
            "page": self.page_of(product),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, self.generation_template, context)

    def page_of(self, product: Product) -> str:
        """Return the address of the product's own page."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[product.pk], current_app=self.admin_site.name)


def _field(attribute: Attribute) -> forms.Field:
    given: dict[str, Any] = {"label": attribute.name, "required": False}
    values: list[tuple[str, Any]]
    if attribute.type in CLOSED:
        values = [
            (one.value, format_html("{}{}", swatch(one.colour), one.value))
            for one in attribute.listed_values  # type: ignore[attr-defined]
        ]
    elif attribute.type == Attribute.Type.BOOLEAN:
        values = [("true", _("Yes")), ("false", _("No"))]
    else:
        unit = f"{attribute.unit}. " if attribute.unit else ""
        return ListBox(**given, help_text=format_html("{}{}", unit, _("Commas between values.")))
    return forms.MultipleChoiceField(**given, choices=values, widget=forms.CheckboxSelectMultiple)
