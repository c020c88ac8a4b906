"""Products and variants over HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.api.facets import facets_of
from shopkit.catalog.api.filters import ProductFilters, refuse_unknown
from shopkit.catalog.api.remembering import Answer, cut_answer
from shopkit.catalog.api.serializers import (
    CardOutput,
    FacetsOutput,
    GenerationInput,
    GenerationOutput,
    ProductChangeInput,
    ProductInput,
    ProductOutput,
    RelatedInput,
    VariantChangeInput,
    VariantInput,
    VariantOutput,
)
from shopkit.catalog.freshness import PRODUCTS
from shopkit.catalog.models import Product, Variant
from shopkit.catalog.services.detail import ProductDetail, read_detail, read_variant
from shopkit.catalog.services.generation import Generation, generate_variants
from shopkit.catalog.services.products import (
    ProductData,
    create_product,
    delete_product,
    update_product,
)
from shopkit.catalog.services.related import related_cards, set_related
from shopkit.catalog.services.variants import (
    VariantData,
    add_variant,
    delete_variant,
    update_variant,
)
from shopkit.core.api.pagination import ListPagination
from shopkit.core.api.permissions import is_staff

from .base import CatalogView

SOLE = "variants.0."


class ProductListView(CatalogView):
    """GET cards of what is on sale; POST a new product with its variants."""

    edits = "product"
    remembers = PRODUCTS
    shows_cards = True
    is_list = True
    queryset = Product.objects.none()  # names the model for the API's description
    filterset_class = ProductFilters
    beside_classes: ClassVar = {"facets": FacetsOutput}
    input_classes: ClassVar = {"POST": ProductInput}
    output_classes: ClassVar = {"GET": CardOutput, "POST": ProductOutput}

    def get(self, request: Request) -> HttpResponse:
        """Answer one page of cards."""
        return self.remembered(request, lambda: self.page(request))

    def page(self, request: Request) -> Response:
        """Return the page as it is now."""
        rows = self.filter_queryset(Product.objects.on_sale().cards())
        facets = facets_of(request, self.filterset_class, self.counted_among())
        if facets is not None and self.is_ours and isinstance(self.paginator, ListPagination):
            self.paginator.known_total = facets.total
        page = self.paginate_queryset(rows)
        if not page:
            refuse_unknown(request.query_params)
        answer = self.get_paginated_response(self.show(page, many=True))
        if facets is not None:
            answer.data["facets"] = FacetsOutput().to_representation(facets)
        return answer

    def counted_among(self) -> QuerySet[Product] | None:
        """Return what facets are counted among; None: all that is on sale.

        A view of the site that lists other products than those says here which ones.
        """
        return None

    def post(self, request: Request) -> Response:
        """Make a product: all of it or nothing."""
        given = self.read(request)
        with _naming_the_sole_variant(is_short="variants" not in given):
            product = create_product(_product_data(given), actor=request.user)
        return self.write(_detail_of(product))


class ProductView(CatalogView):
    """One product's page, by id or slug. What is not on sale is there for staff only."""

    edits = "product"
    remembers = PRODUCTS
    shows_cards = True
    input_classes: ClassVar = {"PUT": ProductChangeInput, "PATCH": ProductChangeInput}
    output_classes: ClassVar = {"GET": ProductOutput, "PUT": ProductOutput, "PATCH": ProductOutput}

    def get(self, request: Request, ref: str) -> HttpResponse:
        """Answer the page."""
        return self.remembered(request, lambda: self.page(request, ref))

    def page(self, request: Request, ref: str) -> Response:
        """Return the page as it is now."""
        rows = Product.objects.kept() if is_staff(request.user) else Product.objects.on_sale()
        return self.write(read_detail(get_object_or_404(rows.by_ref(ref).details())))

    def put(self, request: Request, ref: str) -> Response:
        """Replace the product's own fields; variants have endpoints of their own."""
        return self.change(request, ref)

    def patch(self, request: Request, ref: str) -> Response:
        """Change what is named."""
        return self.change(request, ref)

    def delete(self, _request: Request, ref: str) -> Response:
        """Take the product off sale for ever."""
        delete_product(find_product(ref))
        return Response(status=204)

    def answer_of(self, request: Request, data: Any) -> Answer:
        """Leave out what changes with every order."""
        media_type = request.accepted_renderer.media_type
        return cut_answer(data, lambda marked: self.render(request, marked), media_type)

    def change(self, request: Request, ref: str) -> Response:
        """Write the given fields."""
        product = find_product(ref)
        return self.write(_detail_of(update_product(product, changes=self.read(request))))


class ProductRelatedView(CatalogView):
    """What is shown beside a product; PUT what staff chose to come first."""

    edits = "product"
    remembers = PRODUCTS
    shows_cards = True
    is_list = True
    pagination_class = None
    input_classes: ClassVar = {"PUT": RelatedInput}
    output_classes: ClassVar = {"GET": CardOutput, "PUT": CardOutput}

    def get(self, request: Request, ref: str) -> HttpResponse:
        """Answer a few cards."""
        return self.remembered(request, lambda: self.cards(request, ref))

    def put(self, request: Request, ref: str) -> Response:
        """Choose what comes first."""
        product = find_product(ref)
        set_related(product, related=self.read(request)["products"])
        return self.write(related_cards(product), many=True)

    def cards(self, request: Request, ref: str) -> Response:
        """Return the cards as they are now."""
        self.filter_queryset(Product.objects.none())  # refuses filters
        rows = Product.objects.kept() if is_staff(request.user) else Product.objects.on_sale()
        product = get_object_or_404(rows.by_ref(ref).only("pk", "category_id"))
        return self.write(related_cards(product), many=True)


class ProductVariantsView(CatalogView):
    """POST another variant of a product."""

    edits = "variant"
    input_classes: ClassVar = {"POST": VariantInput}
    output_classes: ClassVar = {"POST": VariantOutput}

    def post(self, request: Request, ref: str) -> Response:
        """Add the variant with its first stock."""
        product = find_product(ref)
        data = VariantData(**self.read(request))
        return self.write(read_variant(add_variant(product, data, actor=request.user)))


class GenerateVariantsView(CatalogView):
    """POST values; the variants of all their combinations are made, where they are missing."""

    edits = "variant"
    input_classes: ClassVar = {"POST": GenerationInput}
    output_classes: ClassVar = {"POST": GenerationOutput}

    def post(self, request: Request, ref: str) -> Response:
        """Make all of them or none; what there is stays as it is."""
        product = find_product(ref)
        wanted = Generation(**self.read(request))
        generated = generate_variants(product, wanted, actor=request.user)
        keys = {one.pk for one in generated.made}
        shown = [one for one in _detail_of(product).variants if one.row.pk in keys]
        return self.write({"made": shown, "kept": generated.kept})


class VariantView(CatalogView):
    """PATCH a variant; DELETE switches it off for good."""

    edits = "variant"
    input_classes: ClassVar = {"PATCH": VariantChangeInput}
    output_classes: ClassVar = {"PATCH": VariantOutput}

    def patch(self, request: Request, pk: int) -> Response:
        """Change what is named."""
        variant = self.find(pk)
        return self.write(read_variant(update_variant(variant, changes=self.read(request))))

    def delete(self, _request: Request, pk: int) -> Response:
        """Switch the variant off."""
        delete_variant(self.find(pk))
        return Response(status=204)

    def find(self, pk: int) -> Variant:
        """Return the variant of a product that is not deleted."""
        rows = Variant.objects.filter(product__deleted_at=None).select_related("product")
        return get_object_or_404(rows, pk=pk)


def find_product(ref: str) -> Product:
    """Return the product for writing to it, or answer 404; hidden ones included."""
    return get_object_or_404(Product.objects.kept().by_ref(ref))


def _detail_of(product: Product) -> ProductDetail:
    return read_detail(Product.objects.details().get(pk=product.pk))


def _product_data(given: Mapping[str, Any]) -> ProductData:
    own = dict(given)
    if "variants" in own:
        variants = [VariantData(**one) for one in own.pop("variants")]
    else:
        short = own.keys() & ProductInput.short_form
        variants = [VariantData(**{name: own.pop(name) for name in short})]
    return ProductData(**own, variants=variants)


@contextmanager
def _naming_the_sole_variant(*, is_short: bool) -> Iterator[None]:
    """In the short form "variants.0.sku" was given as "sku"."""
    try:
        yield
    except ValidationError as error:
        if not is_short or not hasattr(error, "error_dict"):
            raise
        named = {name.removeprefix(SOLE): wrong for name, wrong in error.error_dict.items()}
        raise ValidationError(named) from error
