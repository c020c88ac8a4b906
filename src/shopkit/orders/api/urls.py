"""URLs of orders."""

from shopkit.core.api.routes import route

from .views import (
    CancelOrderView,
    ClaimOrderView,
    OrderDetailView,
    OrderListView,
    OrderStatusView,
    PlaceOrderView,
)

urlpatterns = [
    route("orders/", OrderListView, name="order-list"),
    route("checkout/", PlaceOrderView, name="checkout"),
    route("orders/<slug:number>/", OrderDetailView, name="order-detail"),
    route("orders/<slug:number>/cancel/", CancelOrderView, name="order-cancel"),
    route("orders/<slug:number>/status/", OrderStatusView, name="order-status"),
    route("orders/<slug:number>/claim/", ClaimOrderView, name="order-claim"),
]
