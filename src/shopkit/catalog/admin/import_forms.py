"""What a shopkeeper is asked before a file is imported."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shopkit.catalog.imports.runs import Order, formats_of
from shopkit.catalog.models import ImportRun

LABELS = {
    "auto": _("Recognise it by its header"),
    "shopify": "Shopify",
    "shopkit": _("This shop's own format"),
    "google": _("Google's product taxonomy"),
}


class UploadForm(forms.Form):
    """A file and how to read it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with commas, semicolons or tabs, in UTF-8 or Windows-1251."),
    )
    format = forms.ChoiceField(label=_("Format"))
    language = forms.ChoiceField(
        label=_("Language of the names"),
        required=False,
        help_text=_("Only for Google's files: another language gives translations."),
    )
    stock = forms.BooleanField(
        label=_("Set the stock of variants that exist, too"),
        required=False,
        help_text=_("New variants always get theirs."),
    )
    images = forms.BooleanField(
        label=_("Fetch the pictures that the file names"),
        required=False,
        initial=True,
        help_text=_("Each once, from the open internet."),
    )

    def __init__(self, *args: Any, kind: str, sets_stock: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        names = formats_of(kind)
        formats: Any = self.fields["format"]
        formats.choices = [(name, LABELS.get(name, name)) for name in names]
        if len(names) == 1:
            formats.widget = forms.HiddenInput()
            formats.initial = names[0]
        if kind == ImportRun.Kind.CATEGORIES:
            languages: Any = self.fields["language"]
            languages.choices = [("", _("The shop's main language")), *settings.LANGUAGES]
            formats.initial = "shopkit"
        else:
            del self.fields["language"]
        if kind != ImportRun.Kind.PRODUCTS or not sets_stock:
            del self.fields["stock"]
        if kind != ImportRun.Kind.PRODUCTS:
            del self.fields["images"]

    @property
    def order(self) -> Order:
        """What is to be imported; the form is valid."""
        options = {name: self.cleaned_data.get(name) for name in ("language", "stock", "images")}
        chosen = {name: value for name, value in options.items() if value}
        return Order(kind=self.kind, format=self.cleaned_data["format"], options=chosen)
