"""URLs of the stock."""

from shopkit.core.api.routes import route

from .views import StockWishListView, StockWishView, VariantStockView

urlpatterns = [
    route("variants/<int:pk>/stock/", VariantStockView, name="variant-stock"),
    route("variants/<int:pk>/stock-wish/", StockWishView, name="variant-stock-wish"),
    route("stock-wishes/", StockWishListView, name="stock-wish-list"),
]
