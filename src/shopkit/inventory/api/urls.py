"""URLs of the stock."""

from shopkit.core.api.routes import route

from .views import VariantStockView

urlpatterns = [
    route("variants/<int:pk>/stock/", VariantStockView, name="variant-stock"),
]
