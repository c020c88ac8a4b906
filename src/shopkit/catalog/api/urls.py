"""URLs of the catalogue."""

from shopkit.core.api.routes import route

from .views import (
    AttributeListView,
    AttributeValueListView,
    AttributeValueView,
    AttributeView,
    CategoryListView,
    CategoryView,
    ProductListView,
    ProductVariantsView,
    ProductView,
    SuggestView,
    VariantView,
)

VALUES = "attributes/<slug:code>/values/"

urlpatterns = [
    route("categories/", CategoryListView, name="category-list"),
    route("categories/<slug:slug>/", CategoryView, name="category-detail"),
    route("products/", ProductListView, name="product-list"),
    route("products/<slug:ref>/", ProductView, name="product-detail"),
    route("products/<slug:ref>/variants/", ProductVariantsView, name="product-variants"),
    route("variants/<int:pk>/", VariantView, name="variant-detail"),
    route("search/suggest/", SuggestView, name="search-suggest"),
    route("attributes/", AttributeListView, name="attribute-list"),
    route("attributes/<slug:code>/", AttributeView, name="attribute-detail"),
    route(VALUES, AttributeValueListView, name="attribute-values"),
    route(f"{VALUES}<int:pk>/", AttributeValueView, name="attribute-value-detail"),
]
