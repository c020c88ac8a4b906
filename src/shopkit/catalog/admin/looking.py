"""Pages for who may look and not write: values, prices and texts in the place of their boxes."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from shopkit.core.conf import core_settings
from shopkit.core.words import show_money

PRICES = ("price", "sale_price")


def may_write(page: Any, request: HttpRequest, row: Any) -> bool:
    """Say whether ``page``, an admin or an inline, has boxes for this person."""
    if page.has_change_permission(request, row):
        return True
    if isinstance(page, admin.options.InlineModelAdmin):
        return page.has_add_permission(request, row)
    return row is None


def as_shown(fields: Iterable[str]) -> list[str]:
    """Return the names with those of ``ShowsPrices`` for the prices."""
    return [f"shown_{name}" if name in PRICES else name for name in fields]


class ShowsTexts:
    """A page of rows with translations."""

    @admin.display(description=_("translations"))
    def written_texts(self, row: Any) -> str:
        """Show what is written in which language."""
        texts = [
            (language, language, text)
            for language, of in row.translations.items()
            for text in of.values()
        ]
        return format_html_join("", '<p><b>{}</b> <span lang="{}">{}</span></p>', texts)


class ShowsValues:
    """A page of rows with values of attributes."""

    @admin.display(description=_("attributes"))
    def shown_values(self, row: Any) -> str:
        """Show each attribute with its value."""
        prefetch_related_objects([row], "attribute_values__attribute", "attribute_values__value")
        values = [
            (one.attribute.name, one.value.value, one.attribute.unit)
            for one in row.attribute_values.all()
        ]
        return format_html_join("", "<p>{}: {} {}</p>", values)


class ShowsPrices:
    """A page of variants."""

    @admin.display(description=_("price"), ordering="price")
    def shown_price(self, variant: Any) -> str:
        """Show the price as money."""
        return show_money(variant.price, core_settings().CURRENCY)

    @admin.display(description=_("sale price"), ordering="sale_price")
    def shown_sale_price(self, variant: Any) -> str:
        """Show what it costs on sale as money."""
        price = variant.sale_price
        return "-" if price is None else show_money(price, core_settings().CURRENCY)
