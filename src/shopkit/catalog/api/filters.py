"""Filters of the product list, and of the category tree."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field

from shopkit.catalog.models import (
    Attribute,
    AttributeValue,
    Category,
    Listing,
    Product,
    ProductAttributeValue,
    VariantAttributeValue,
)
from shopkit.catalog.models.categories import is_key, ref_condition
from shopkit.catalog.search.base import ranked, search_backend
from shopkit.catalog.search.questions import read_question
from shopkit.catalog.services.attribution import canonical_value
from shopkit.catalog.services.facets import GROUPS
from shopkit.catalog.services.ranges import read_range, refuse_ranges_of_others
from shopkit.core.api.filters import Filters, MomentFilter, OrderingFilter, RepeatedFilter

MOST_REPEATS = 20
MOST_IDS = 100
# The price as the listing of the one chosen category has it; the product's own is the same.
LISTED_PRICE = "listed_price"
# The ordering of a search that names no other; not to be turned round.
BY_RELEVANCE = "relevance"
LEAST_SUGGESTED, LONGEST_SEARCH = 2, 200
_BOUNDS = {"min_price": "gte", "max_price": "lte"}

Rows = QuerySet[Product, Any]


@extend_schema_field({"type": "boolean"})
class YesNoFilter(django_filters.TypedChoiceFilter):
    """``true`` or ``false``; django-filter's own would read "maybe" as no filter at all."""

    def __init__(self, **kwargs: Any) -> None:
        spellings = [(one, one) for one in ("true", "false", "1", "0")]
        super().__init__(
            choices=spellings, coerce=lambda text: text in {"true", "1"}, empty_value=None, **kwargs
        )


@extend_schema_field({"type": "string", "format": "decimal", "examples": ["150000.00"]})
class MoneyFilter(django_filters.Filter):
    """An amount of money, compared exactly."""

    field_class = forms.DecimalField

    def __init__(self, **kwargs: Any) -> None:
        limits = {"min_value": Decimal(0), "max_digits": 19, "decimal_places": 4}
        super().__init__(**limits, **kwargs)


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class TextsFilter(RepeatedFilter):
    """A repeatable parameter, described as one."""


class FacetsField(forms.CharField):
    """What is to be counted beside the list: the groups' names, or yes, or no."""

    def clean(self, value: Any) -> Collection[str]:
        """Return the names; refuse one that is none."""
        asked = super().clean(value)
        if asked in {"1", "true"}:
            return GROUPS
        if asked in {"0", "false"}:
            return ()
        names = set(asked.split(","))
        if unknown := sorted(names.difference(GROUPS)):
            message = _("There are no facets “%(name)s”.")
            raise ValidationError(message, "unknown_facet", {"name": unknown[0]})
        return names


@extend_schema_field({"type": "string", "examples": ["1", "categories,price"]})
class FacetsFilter(django_filters.Filter):
    """Says what is to be counted; the list is the same."""

    field_class = FacetsField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)

    def filter(self, qs: Rows, _value: Any) -> Rows:
        """Leave the rows."""
        return qs


class ProductOrdering(OrderingFilter):
    """By price, one category is in the order of its listing: one range of an index, no sort."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.extra["choices"] = [*self.extra["choices"], (BY_RELEVANCE, BY_RELEVANCE)]

    def filter(self, qs: Rows, value: Any) -> Rows:
        """Order the rows; by relevance they are already."""
        if value == BY_RELEVANCE:
            return qs
        if value in {"price", "-price"} and LISTED_PRICE in qs.query.annotations:
            sign = "-" if value[0] == "-" else ""
            return qs.order_by(f"{sign}{LISTED_PRICE}", f"{sign}pk")
        ordered: Rows = super().filter(qs, value)
        return ordered


class ProductFilters(Filters):
    """What a list of products can be asked. ``category`` stands before what goes by its listing.

    Whether a category or an attribute exists at all is asked by ``refuse_unknown``, and only when
    nothing was found: an answer that has rows needs one statement.
    """

    aliases = {"q": "search"}  # noqa: RUF012 - a class constant

    search = django_filters.CharFilter(
        method="by_words",
        max_length=LONGEST_SEARCH,
        label="Every word must occur; the best answers come first unless “ordering” says else.",
    )
    ids = django_filters.CharFilter(
        method="by_ids",
        max_length=2_000,
        label="Keys with commas between; in this order, unless ordered or walked by cursor.",
    )
    category = TextsFilter(
        method="in_branch", label="Slug or id, with its whole branch; repeat it for “or”."
    )
    min_price = MoneyFilter(method="by_price", label="Of what one would pay.")
    max_price = MoneyFilter(method="by_price", label="Of what one would pay.")
    in_stock = YesNoFilter(field_name="in_stock")
    on_sale = YesNoFilter(field_name="on_sale")
    min_rating = django_filters.NumberFilter(
        method="by_rating", min_value=0, max_value=5, max_digits=3, decimal_places=2
    )
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte")
    attr = TextsFilter(
        method="by_values",
        label="<code>:<value>; “or” within a code, “and” between codes. Of a number also a range, "
        "ends included: <code>:8..16, <code>:8.. or <code>:..16.",
    )
    facets = FacetsFilter(
        label="1, or some of: categories, attributes, price, rating, in_stock, on_sale."
    )
    ordering = ProductOrdering(
        columns={
            "price": "price_min",
            "name": "name",
            "created_at": "created_at",
            "rating": "rating_avg",
            "popularity": "popularity",
        }
    )

    def filter_queryset(self, queryset: Rows) -> Rows:
        """Apply the filters.

        Raises ValidationError: ordering (needs_search) by relevance to no search.
        """
        if self.form.cleaned_data.get("ordering") == BY_RELEVANCE and "search" not in self.data:
            message = _("Relevance is to a search; say “search” too.")
            raise ValidationError({"ordering": ValidationError(message, code="needs_search")})
        found: Rows = super().filter_queryset(queryset)
        return found

    def by_words(self, rows: Rows, _name: str, text: str) -> Rows:
        """Keep what answers, the best first until another order; without a word no search is."""
        question = read_question(text)
        if not question.words:
            return rows
        backend = search_backend()
        found = backend.narrow(rows, question)
        if self.form.cleaned_data.get("ordering") in {None, "", BY_RELEVANCE}:
            return ranked(found, backend.relevance(question))
        return found

    def by_ids(self, rows: Rows, _name: str, text: str) -> Rows:
        """Keep those that a client remembers, such as the last ones looked at; order as given."""
        given = [one.strip() for one in text.split(",")]
        if not all(map(is_key, given)):
            message = _("Write keys of products with commas between.")
            raise ValidationError({"ids": ValidationError(message, code="invalid")})
        keys = list(dict.fromkeys(map(int, given)))
        if len(keys) > MOST_IDS:
            message = _("At most %d of these.") % MOST_IDS
            raise ValidationError({"ids": ValidationError(message, code="too_many")})
        rows = rows.filter(pk__in=keys)
        if "cursor" in self.data or self.form.cleaned_data.get("ordering"):
            return rows
        places = [When(pk=key, then=Value(place)) for place, key in enumerate(keys)]
        return rows.annotate(
            asked_place=Case(*places, default=Value(0), output_field=IntegerField())
        ).order_by("asked_place", "pk")

    def in_branch(self, rows: Rows, _name: str, refs: list[str]) -> Rows:
        """Keep what is listed in one of the categories."""
        _refuse_many(refs, "category")
        if not refs:
            return rows
        if len(refs) > 1:
            # With "or" one known category would hide that another one is not.
            listings = Listing.objects.filter(
                product=OuterRef("pk"), category__in=_known_categories(refs)
            )
            return rows.filter(Exists(listings))
        # One category and the price are one range of the listing's index. A subquery that names
        # one category is a constant to the planner, a join would not be.
        category = Category.objects.by_ref(refs[0]).values("pk")[:1]
        listed = rows.filter(listings__category=category)
        return listed.annotate(**{LISTED_PRICE: F("listings__price")})

    def by_price(self, rows: Rows, name: str, amount: Decimal) -> Rows:
        """Keep what one would pay at least, or at most, this for."""
        column = LISTED_PRICE if LISTED_PRICE in rows.query.annotations else "price_min"
        return rows.filter(**{f"{column}__{_BOUNDS[name]}": amount})

    def by_rating(self, rows: Rows, _name: str, stars: Decimal) -> Rows:
        """Keep what customers like as much; the column holds hundredths."""
        return rows.filter(rating_avg__gte=int(stars * 100))

    def by_values(self, rows: Rows, _name: str, pairs: list[str]) -> Rows:
        """Keep what has one of the values of every code, itself or in an active variant."""
        asked = _by_code(pairs)
        refuse_ranges_of_others({code for code, own in asked.items() if any(map(read_range, own))})
        for code, texts in asked.items():
            values = AttributeValue.objects.filter(
                _is_one_of(texts), attribute__code=code, attribute__is_filterable=True
            ).values("pk")
            own = ProductAttributeValue.objects.filter(product=OuterRef("pk"), value__in=values)
            of_variants = VariantAttributeValue.objects.filter(
                variant__product=OuterRef("pk"), variant__is_active=True, value__in=values
            )
            rows = rows.filter(Exists(own) | Exists(of_variants))
        return rows


@extend_schema_field({"type": "integer", "minimum": 1})
class WholeFilter(django_filters.NumberFilter):
    """A whole number."""


class CategoryFilters(Filters):
    """What the category tree can be asked; the view does it, in memory."""

    root = django_filters.CharFilter(method="later", max_length=120, label="Slug or id.")
    depth = WholeFilter(
        method="later", min_value=1, max_value=1000, decimal_places=0, label="Levels to show."
    )
    search = django_filters.CharFilter(
        method="later", max_length=200, label="Nodes that match, with those above them."
    )

    def later(self, rows: QuerySet[Category], _name: str, _value: Any) -> QuerySet[Category]:
        """Leave the rows: what stands above a match is needed too."""
        return rows


def values_chosen(pairs: list[str]) -> Mapping[str, Q]:
    """Return {attribute's code: which of its values were asked for}.

    pairs -- "<code>:<value>"

    Raises ValidationError: attr (invalid, too_many).
    """
    return {code: _is_one_of(texts) for code, texts in _by_code(pairs).items()}


def read_suggested(query: Any) -> str:
    """Return what somebody is typing.

    query -- the request's parameters; ``q`` and nothing else

    Raises ValidationError: q (required, min_length, max_length), or any other name
    (unknown_filter).
    """
    if unknown := sorted(query.keys() - {"q"}):
        wrong = ValidationError(_("There is no such filter."), code="unknown_filter")
        raise ValidationError(dict.fromkeys(unknown, wrong))
    field = forms.CharField(min_length=LEAST_SUGGESTED, max_length=LONGEST_SEARCH)
    try:
        text: str = field.clean(query.get("q"))
    except ValidationError as error:
        raise ValidationError({"q": error.error_list}) from error
    return text


def refuse_unknown(query: Any) -> None:
    """Refuse categories and attributes that do not exist, for a list that found nothing.

    query -- the request's parameters, already valid

    Raises ValidationError: category (unknown_category), attr (unknown_attribute).
    """
    _known_categories(query.getlist("category"))
    codes = set(_by_code(query.getlist("attr")))
    if codes:
        found = Attribute.objects.filter(code__in=codes, is_filterable=True)
        if unknown := sorted(codes - set(found.values_list("code", flat=True))):
            message = _("There is no filter by “%(code)s”.")
            raise ValidationError(
                {"attr": ValidationError(message, "unknown_attribute", {"code": unknown[0]})}
            )


def _known_categories(refs: list[str]) -> list[int]:
    """Return the keys of the visible categories that ``refs`` name; refuse an unknown one."""
    if not refs:
        return []
    chosen = reduce(or_, map(ref_condition, refs))
    found = dict(Category.objects.visible().filter(chosen).values_list("slug", "pk"))
    for ref in refs:
        if ref not in found and not (is_key(ref) and int(ref) in found.values()):
            message = _("There is no category “%(ref)s”.")
            raise ValidationError(
                {"category": ValidationError(message, "unknown_category", {"ref": ref})}
            )
    return list(found.values())


def _by_code(pairs: list[str]) -> Mapping[str, list[str]]:
    _refuse_many(pairs, "attr")
    texts: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        code, colon, text = pair.partition(":")
        if not (code and colon and text.strip()):
            message = _("Write it as code:value.")
            raise ValidationError({"attr": ValidationError(message, code="invalid")})
        texts[code].append(text.strip())
    return texts


def _is_one_of(texts: list[str]) -> Q:
    """Values are compared as they are stored; a number may be written with needless digits."""
    ranges = {text: one for text in texts if (one := read_range(text))}
    texts = [text for text in texts if text not in ranges]
    found = reduce(or_, (one.condition for one in ranges.values()), Q(value__in=texts))
    for kind in (Attribute.Type.NUMBER, Attribute.Type.BOOLEAN):
        forms_of_kind = []
        for text in texts:
            try:
                forms_of_kind.append(canonical_value(kind, text))
            except ValidationError:
                continue
        if forms_of_kind:
            found |= Q(attribute__type=kind, value__in=forms_of_kind)
    return found


def _refuse_many(given: list[str], name: str) -> None:
    if len(given) > MOST_REPEATS:
        message = _("At most %d of these.") % MOST_REPEATS
        raise ValidationError({name: ValidationError(message, code="too_many")})
