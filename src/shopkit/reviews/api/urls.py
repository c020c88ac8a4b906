"""URLs of reviews and likes."""

from shopkit.core.api.routes import route

from .views import LikeListView, ProductLikeView, ProductReviewsView, ReviewListView, ReviewView

urlpatterns = [
    route("products/<slug:ref>/reviews/", ProductReviewsView, name="product-reviews"),
    route("products/<slug:ref>/like/", ProductLikeView, name="product-like"),
    route("reviews/", ReviewListView, name="review-list"),
    route("reviews/<int:pk>/", ReviewView, name="review-detail"),
    route("likes/", LikeListView, name="like-list"),
]
