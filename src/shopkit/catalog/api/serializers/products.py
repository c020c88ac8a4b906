"""Products as everybody sees them.

The fields are declared for the API's description; what is sent is built by hand, because a page
of cards through DRF's fields costs several times as much as the query that reads it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shopkit.catalog.models import Attribute, Image
from shopkit.catalog.services.detail import ProductDetail, ShownValue, ShownVariant
from shopkit.catalog.translation import in_language, reading_language
from shopkit.core.api.fields import MoneyOutput
from shopkit.core.conf import core_settings
from shopkit.core.metadata import public_metadata
from shopkit.core.money import format_amount
from shopkit.core.storages import url_maker

from .categories import CrumbOutput
from .types import NamedTypeOutput


class PictureOutput(serializers.Serializer[Any]):
    """A picture with its smaller forms by name."""

    url = serializers.CharField()
    alt = serializers.CharField()
    sizes = serializers.DictField(child=serializers.CharField())


class ImageOutput(PictureOutput):
    """A picture that staff can change."""

    id = serializers.IntegerField()


class RatingOutput(serializers.Serializer[Any]):
    """What customers think; 0 when nobody has said."""

    average = serializers.FloatField()
    count = serializers.IntegerField()


class Shown(serializers.Serializer[Any]):
    """What is the same for all rows of one answer is looked up once."""

    @cached_property
    def shown_currency(self) -> str:
        """The shop's currency."""
        return core_settings().CURRENCY

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The codes of the reader's language."""
        return reading_language()

    @cached_property
    def url_of(self) -> Callable[[str], str]:
        """Return the URL of a stored picture."""
        return url_maker(Image._meta.get_field("file").storage)

    def money(self, amount: Any) -> str | None:
        """Return the contract's money string."""
        return None if amount is None else format_amount(amount, self.shown_currency)

    def text(self, text: str, translations: Mapping[str, Any], member: str = "name") -> str:
        """Return a text in the reader's language."""
        return in_language(self.languages, text, translations, member)

    def crumb(
        self, pk: int, slug: str, name: str, translations: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return a category as a link."""
        return {"id": pk, "slug": slug, "name": self.text(name, translations)}

    def picture(
        self, file: str, alt: str, translations: Mapping[str, Any], sizes: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return a picture."""
        return {
            "url": self.url_of(file),
            "alt": self.text(alt, translations, "alt"),
            "sizes": {name: self.url_of(one) for name, one in sizes.items()},
        }

    def numbered_picture(self, image: Any) -> dict[str, Any]:
        """Return a picture that has an id."""
        _position, pk, _variant, *shown = image
        return {"id": pk, **self.picture(*shown)}


class CardOutput(Shown):
    """A product in a list; the object is one of ``Product.objects.cards()``."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    category = CrumbOutput(allow_null=True)
    price = MoneyOutput()
    sale_price = MoneyOutput(allow_null=True)
    price_min = MoneyOutput()
    price_max = MoneyOutput()
    currency = serializers.CharField()
    in_stock = serializers.BooleanField()
    rating = RatingOutput()
    likes_count = serializers.IntegerField()
    is_liked = serializers.BooleanField(
        required=False, help_text="Whether who is signed in likes it; absent for nobody."
    )
    image = PictureOutput(allow_null=True)
    variant_id = serializers.IntegerField(
        allow_null=True, help_text="The only sellable variant, null when there are several."
    )

    def to_representation(self, row: Any) -> dict[str, Any]:
        """Return the card."""
        money = self.money
        return {
            "id": row.pk,
            "slug": row.slug,
            "name": self.text(row.name, row.translations),
            "category": self.category_of(row),
            "price": money(row.price),
            "sale_price": money(row.sale_price),
            "price_min": money(row.price_min),
            "price_max": money(row.price_max),
            "currency": self.shown_currency,
            "in_stock": row.in_stock,
            "rating": {"average": row.rating_avg / 100, "count": row.rating_count},
            "likes_count": row.likes_count,
            "image": self.primary_picture_of(row),
            "variant_id": row.sole_variant_id,
        }

    def category_of(self, row: Any) -> dict[str, Any] | None:
        """Return the primary category."""
        if row.category_id is None:
            return None
        return self.crumb(
            row.category_id, row.category__slug, row.category__name, row.category__translations
        )

    def primary_picture_of(self, row: Any) -> dict[str, Any] | None:
        """Return the first picture."""
        if row.primary_image_id is None:
            return None
        return self.picture(
            row.primary_image__file,
            row.primary_image__alt,
            row.primary_image__translations,
            row.primary_image__sizes,
        )


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class CodesOutput(serializers.DictField):
    """``{"colour": "red"}``."""


class VariantOutput(Shown):
    """A variant; the object is a ``ShownVariant``."""

    id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    price = MoneyOutput()
    sale_price = MoneyOutput(allow_null=True)
    currency = serializers.CharField()
    in_stock = serializers.BooleanField()
    available = serializers.IntegerField(
        allow_null=True, help_text="Units that can be had; null when the shop does not count."
    )
    attributes = CodesOutput()
    barcode = serializers.CharField()
    images = ImageOutput(many=True)

    def to_representation(self, shown: ShownVariant) -> dict[str, Any]:
        """Return the variant."""
        row = shown.row
        return {
            "id": row.pk,
            "sku": row.sku,
            "name": row.name,
            "price": self.money(row.price),
            "sale_price": self.money(row.sale_price),
            "currency": self.shown_currency,
            "in_stock": shown.available is None or shown.available > 0,
            "available": shown.available,
            "attributes": {value.code: value.value for value in shown.values},
            "barcode": row.barcode,
            "images": [self.numbered_picture(image) for image in shown.images],
        }


class ShownValueOutput(serializers.Serializer[Any]):
    """An attribute of the product."""

    code = serializers.CharField()
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=Attribute.Type.choices)
    value = serializers.CharField(help_text="In the reader's language.")
    unit = serializers.CharField()
    colour = serializers.CharField()


class OptionValueOutput(serializers.Serializer[Any]):
    """One of the values to choose from."""

    value = serializers.CharField(help_text="As the variants' attributes have it.")
    label = serializers.CharField(help_text="In the reader's language.")  # type: ignore[assignment] # hides Field.label
    colour = serializers.CharField()


class OptionOutput(serializers.Serializer[Any]):
    """An attribute that tells the variants apart, with the values that they have."""

    code = serializers.CharField()
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=Attribute.Type.choices)
    unit = serializers.CharField()
    values = OptionValueOutput(many=True)


class ProductOutput(CardOutput):
    """A product's own page; the object is a ``ProductDetail``."""

    description = serializers.CharField()
    categories = CrumbOutput(many=True)
    type = NamedTypeOutput(allow_null=True)
    attributes = ShownValueOutput(many=True)
    options = OptionOutput(many=True)
    variants = VariantOutput(many=True)
    images = ImageOutput(many=True)
    metadata = serializers.DictField()
    created_at = serializers.DateTimeField()

    def to_representation(self, detail: ProductDetail) -> dict[str, Any]:
        """Return the page."""
        row = detail.row
        one = VariantOutput()
        return {
            **super().to_representation(row),
            "description": self.text(row.description, row.translations, "description"),
            "categories": [
                self.crumb(each.pk, each.slug, each.name, each.translations)
                for each in detail.categories
            ],
            "type": self.type_of(row),
            "attributes": [self.value(value) for value in detail.values],
            "options": [self.option(values) for values in detail.options],
            "variants": [one.to_representation(variant) for variant in detail.variants],
            "images": [self.numbered_picture(image) for image in detail.images],
            "metadata": public_metadata(row.metadata),
            "created_at": row.created_at,
        }

    def type_of(self, row: Any) -> dict[str, Any] | None:
        """Return the type by its name."""
        if row.type__code is None:
            return None
        return {
            "code": row.type__code,
            "name": self.text(row.type__name, row.type__translations),
        }

    def value(self, value: ShownValue) -> dict[str, Any]:
        """Return an attribute with its value."""
        return {
            "code": value.code,
            "name": self.text(value.name, value.translations),
            "type": value.type,
            "value": self.text(value.value, value.value_translations, "value"),
            "unit": value.unit,
            "colour": value.colour,
        }

    def option(self, values: Sequence[ShownValue]) -> dict[str, Any]:
        """Return an attribute with the values that variants have of it."""
        first = values[0]
        return {
            "code": first.code,
            "name": self.text(first.name, first.translations),
            "type": first.type,
            "unit": first.unit,
            "values": [
                {
                    "value": one.value,
                    "label": self.text(one.value, one.value_translations, "value"),
                    "colour": one.colour,
                }
                for one in values
            ],
        }
