"""Inputs that show what they are about: a colour, a unit. They need no inline style."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def swatch(colour: str) -> SafeString:
    """Return a dot of ``colour``, "#rrggbb"; nothing for none."""
    if not colour:
        return SafeString("")
    return format_html(
        '<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">'
        '<circle cx="7" cy="7" r="6.5" fill="{}" stroke="#888"/></svg> ',
        colour,
    )


class ColourInput(forms.TextInput):
    """The browser's colour picker. It cannot be empty, so a tick beside it says "none"."""

    input_type = "color"

    class Media:
        js = ("shopkit_catalog/admin/colour.js",)

    def render(self, name: str, value: Any, *args: Any, **kwargs: Any) -> SafeString:
        """Return the picker and the tick; picking takes the tick away where scripts run."""
        return format_html(
            '<span class="shopkit-colour">{} <label><input type="checkbox" name="{}"{}> {}</label>'
            "</span>",
            super().render(name, value or "#ffffff", *args, **kwargs),
            f"{name}-none",
            SafeString("" if value else " checked"),
            _("none"),
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the colour, or nothing."""
        return "" if f"{name}-none" in data else super().value_from_datadict(data, files, name)


class UnitInput(forms.NumberInput):
    """A number with its unit behind it."""

    def __init__(self, unit: str) -> None:
        super().__init__({"step": "any", "size": "8"})
        self.unit = unit

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        """Return the box and the unit."""
        return format_html("<span>{} {}</span>", super().render(*args, **kwargs), self.unit)
