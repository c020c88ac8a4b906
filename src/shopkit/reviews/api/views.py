"""Reviews and likes over HTTP."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.models import Product
from shopkit.core.api.fields import LARGEST_KEY
from shopkit.core.api.permissions import IsAuthenticated, is_staff
from shopkit.core.api.views import ShopkitView
from shopkit.core.errors import Forbidden
from shopkit.reviews.models import Like, Review
from shopkit.reviews.services import (
    Words,
    create_review,
    delete_review,
    like,
    moderate_review,
    unlike,
    update_review,
)

from .access import STAFF_MAY_DECIDE, STAFF_MAY_DELETE, is_author, reviews_of
from .filters import ProductReviewFilters, ReviewFilters
from .serializers import (
    LikeOutput,
    ProductReviewInput,
    ReviewChangeInput,
    ReviewInput,
    ReviewOutput,
)

OF_AUTHOR = frozenset({"rating", "title", "text"})


class OpinionView(ShopkitView):
    """What all calls share: what goes away under our hands was not there."""

    tags = ("Reviews",)

    def handle_exception(self, exc: Exception) -> Any:
        """Answer 404 when somebody else has deleted the row since we found it."""
        gone = isinstance(exc, ObjectDoesNotExist)
        answer: Response = super().handle_exception(NotFound() if gone else exc)
        return answer


class ProductReviewsView(OpinionView):
    """GET what is published about a product; POST what one thinks of it oneself (201)."""

    permission_classes = (IsAuthenticatedOrReadOnly,)
    input_classes: ClassVar = {"POST": ReviewInput}
    output_classes: ClassVar = {"GET": ReviewOutput, "POST": ReviewOutput}
    filterset_class = ProductReviewFilters
    queryset = Review.objects.none()  # names the model for the API's description
    is_list = True

    def get(self, request: Request, ref: str) -> Response:
        """Return a page of reviews, newest first."""
        rows = Product.objects.kept() if is_staff(request.user) else Product.objects.on_sale()
        product = get_object_or_404(rows.by_ref(ref).only("pk"))
        return self.write_page(product.reviews.published().select_related("user"))

    def post(self, request: Request, ref: str) -> Response:
        """Write the review down."""
        return self.create(request, ref=ref, given=self.read(request))

    def create(self, request: Request, *, ref: str, given: dict[str, Any]) -> Response:
        """Write down what the caller says about the product that ``ref`` names."""
        product = get_object_or_404(Product.objects.on_sale().by_ref(ref))
        return self.write(create_review(product, user=request.user, words=Words(**given)))


class ReviewListView(ProductReviewsView):
    """GET what is published and what is one's own, all for staff; POST with a product."""

    input_classes: ClassVar = {"POST": ProductReviewInput}
    filterset_class = ReviewFilters

    def get(self, request: Request) -> Response:  # type: ignore[override]
        """Return a page of reviews, newest first."""
        return self.write_page(reviews_of(request.user))

    def post(self, request: Request) -> Response:  # type: ignore[override]
        """Write the review down."""
        given = self.read(request)
        return self.create(request, ref=str(given.pop("product")), given=given)


class ReviewView(OpinionView):
    """One review. Its author changes and deletes it; staff decide by ``status`` who reads it."""

    permission_classes = (IsAuthenticatedOrReadOnly,)
    input_classes: ClassVar = {"PUT": ReviewInput, "PATCH": ReviewChangeInput}
    output_classes: ClassVar = dict.fromkeys(("GET", "PUT", "PATCH"), ReviewOutput)

    def get(self, request: Request, pk: int) -> Response:
        """Return the review."""
        return self.write(self.find(request, pk))

    def put(self, request: Request, pk: int) -> Response:
        """Replace what its author says; what is left out is empty afterwards."""
        if not is_author(request.user, self.find(request, pk)):
            raise Forbidden
        return self.write(update_review(pk, changes=vars(Words(**self.read(request)))))

    def patch(self, request: Request, pk: int) -> Response:
        """Change what is named: the author the words, staff the status."""
        review = self.find(request, pk)
        given = self.read(request)
        words = {name: given[name] for name in OF_AUTHOR & given.keys()}
        is_own = is_author(request.user, review)
        decides = "status" in given and is_staff(request.user, STAFF_MAY_DECIDE)
        if not is_own and (words or not decides):
            raise Forbidden
        if words:
            review = update_review(pk, changes=words)
        if decides:
            review = moderate_review(
                pk, status=given["status"], actor=request.user, reason=given.get("reason")
            )
        return self.write(review)

    def delete(self, request: Request, pk: int) -> Response:
        """Take it away for good."""
        is_own = is_author(request.user, self.find(request, pk))
        if not (is_own or is_staff(request.user, STAFF_MAY_DELETE)):
            raise Forbidden
        delete_review(pk, by_author=is_own)
        return Response(status=204)

    def find(self, request: Request, pk: int) -> Review:
        """Return a review that the caller may see. Raises Http404."""
        return get_object_or_404(reviews_of(request.user), pk=min(pk, LARGEST_KEY))


class ProductLikeView(OpinionView):
    """PUT: one likes the product; DELETE: no more. Doing it again changes nothing."""

    permission_classes = (IsAuthenticated,)
    output_classes: ClassVar = {"PUT": LikeOutput}

    def put(self, request: Request, ref: str) -> Response:
        """Like it."""
        product = get_object_or_404(Product.objects.on_sale().by_ref(ref).only("pk"))
        liked = like(product.pk, user=request.user)
        # Read afterwards, so that the count has this one in it.
        return self.write(liked, cards=cards_of([liked]))

    def delete(self, request: Request, ref: str) -> Response:
        """Like it no more; also what is no longer on sale."""
        unlike(get_object_or_404(Product.objects.by_ref(ref).only("pk")).pk, user=request.user)
        return Response(status=204)


class LikeListView(OpinionView):
    """GET what one likes of what is on sale, newest first, with the products' cards."""

    permission_classes = (IsAuthenticated,)
    output_classes: ClassVar = {"GET": LikeOutput}
    queryset = Like.objects.none()
    is_list = True

    def get(self, request: Request) -> Response:
        """Return a page of likes."""
        own = Like.objects.filter(user=request.user.pk, product__is_active=True)
        page = self.paginate_queryset(self.filter_queryset(own)) or []
        return self.get_paginated_response(self.show(page, many=True, cards=cards_of(page)))


def cards_of(likes: Sequence[Like]) -> dict[int, Any]:
    """Return the cards of the liked products by key, in one statement."""
    rows = Product.objects.filter(pk__in=[one.product_id for one in likes])
    return {card.pk: card for card in rows.cards()}
