"""URLs of payments."""

from shopkit.core.api.routes import route

from .dummy import DummyPage
from .views import (
    MarkPaidView,
    OrderPaymentsView,
    OrderRefundsView,
    ProviderListView,
    WebhookView,
)

urlpatterns = [
    route("payments/providers/", ProviderListView, name="payment-providers"),
    route("payments/dummy/<uuid:payment_id>/", DummyPage, name="payment-dummy"),
    route("orders/<slug:number>/payments/", OrderPaymentsView, name="order-payments"),
    route("payments/webhooks/<slug:provider>/", WebhookView, name="payment-webhook"),
    route("orders/<slug:number>/refunds/", OrderRefundsView, name="order-refunds"),
    route("orders/<slug:number>/mark-paid/", MarkPaidView, name="order-mark-paid"),
]
