"""URLs of payments."""

from shopkit.core.api.routes import route

from .views import MarkPaidView, OrderPaymentsView, ProviderListView

urlpatterns = [
    route("payments/providers/", ProviderListView, name="payment-providers"),
    route("orders/<slug:number>/payments/", OrderPaymentsView, name="order-payments"),
    route("orders/<slug:number>/mark-paid/", MarkPaidView, name="order-mark-paid"),
]
