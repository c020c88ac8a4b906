"""URLs of the catalogue."""

from shopkit.core.api.routes import route

from .views import (
    AttributeListView,
    AttributeTranslationsView,
    AttributeValueListView,
    AttributeValueTranslationsView,
    AttributeValueView,
    AttributeView,
    CategoryListView,
    CategoryTranslationsView,
    CategoryView,
    GenerateVariantsView,
    ImageView,
    ProductImagesView,
    ProductListView,
    ProductRelatedView,
    ProductTranslationsView,
    ProductTypeListView,
    ProductTypeTranslationsView,
    ProductTypeView,
    ProductVariantsView,
    ProductView,
    SuggestView,
    VariantView,
)

VALUES = "attributes/<slug:code>/values/"

urlpatterns = [
    route("categories/", CategoryListView, name="category-list"),
    route("categories/<slug:slug>/", CategoryView, name="category-detail"),
    route(
        "categories/<slug:slug>/translations/",
        CategoryTranslationsView,
        name="category-translations",
    ),
    route("products/", ProductListView, name="product-list"),
    route("products/<slug:ref>/", ProductView, name="product-detail"),
    route("products/<slug:ref>/related/", ProductRelatedView, name="product-related"),
    route("products/<slug:ref>/variants/", ProductVariantsView, name="product-variants"),
    route(
        "products/<slug:ref>/translations/", ProductTranslationsView, name="product-translations"
    ),
    route("products/<slug:ref>/variants/generate/", GenerateVariantsView, name="product-generate"),
    route("product-types/", ProductTypeListView, name="product-type-list"),
    route("product-types/<slug:code>/", ProductTypeView, name="product-type-detail"),
    route(
        "product-types/<slug:code>/translations/",
        ProductTypeTranslationsView,
        name="product-type-translations",
    ),
    route("products/<slug:ref>/images/", ProductImagesView, name="product-images"),
    route("images/<int:pk>/", ImageView, name="image-detail"),
    route("variants/<int:pk>/", VariantView, name="variant-detail"),
    route("search/suggest/", SuggestView, name="search-suggest"),
    route("attributes/", AttributeListView, name="attribute-list"),
    route("attributes/<slug:code>/", AttributeView, name="attribute-detail"),
    route(
        "attributes/<slug:code>/translations/",
        AttributeTranslationsView,
        name="attribute-translations",
    ),
    route(VALUES, AttributeValueListView, name="attribute-values"),
    route(f"{VALUES}<int:pk>/", AttributeValueView, name="attribute-value-detail"),
    route(
        f"{VALUES}<int:pk>/translations/",
        AttributeValueTranslationsView,
        name="attribute-value-translations",
    ),
]
