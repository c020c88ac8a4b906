"""URLs of the cart."""

from shopkit.core.api.routes import route

from .views import CartDetailView, CartItemDetailView, CartItemsView, MergeCartView

urlpatterns = [
    route("cart/", CartDetailView, name="cart-detail"),
    route("cart/items/", CartItemsView, name="cart-items"),
    route("cart/items/<int:pk>/", CartItemDetailView, name="cart-item-detail"),
    route("cart/merge/", MergeCartView, name="cart-merge"),
]
