"""The category tree over HTTP."""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from shopkit.catalog.api.filters import CategoryFilters
from shopkit.catalog.api.serializers import CategoryDetailOutput, CategoryInput, CategoryOutput
from shopkit.catalog.freshness import TREE
from shopkit.catalog.models import Category
from shopkit.catalog.services.navigation import read_branch, read_tree
from shopkit.catalog.services.tree import create_category, delete_category, update_category
from shopkit.core.api.permissions import is_staff

from .base import CatalogView


class CategoryListView(CatalogView):
    """GET the whole tree, or a part of it; POST a new category."""

    edits = "category"
    remembers = TREE
    is_list = True
    queryset = Category.objects.none()  # names the model for the API's description
    pagination_class = None
    filterset_class = CategoryFilters
    input_classes: ClassVar = {"POST": CategoryInput}
    output_classes: ClassVar = {"GET": CategoryOutput, "POST": CategoryDetailOutput}

    def get(self, request: Request) -> HttpResponse:
        """Answer the tree; hidden branches are hidden from staff too."""
        return self.remembered(request, lambda: self.tree(request))

    def tree(self, request: Request) -> Response:
        """Return the tree as it is now."""
        rows = self.filter_queryset(Category.objects.all())
        asked = request.query_params
        depth = int(Decimal(asked["depth"])) if asked.get("depth", "").strip() else None
        try:
            tree = read_tree(
                rows, root=asked.get("root", ""), depth=depth, search=asked.get("search", "")
            )
        except Category.DoesNotExist as error:
            message = _("There is no such category.")
            wrong = ValidationError(message, code="unknown_category")
            raise ValidationError({"root": wrong}) from error
        return self.write(tree, many=True)

    def post(self, request: Request) -> Response:
        """Add a category at its place."""
        return self.write(read_branch(create_category(**self.read(request))))


class CategoryView(CatalogView):
    """One category with its branch and the way to it."""

    edits = "category"
    remembers = TREE
    input_classes: ClassVar = {"PATCH": CategoryInput}
    output_classes: ClassVar = {"GET": CategoryDetailOutput, "PATCH": CategoryDetailOutput}

    def get(self, request: Request, slug: str) -> HttpResponse:
        """Answer the branch."""
        return self.remembered(request, lambda: self.write(read_branch(self.find(slug))))

    def patch(self, request: Request, slug: str) -> Response:
        """Change the category; a new parent moves it with all below it."""
        category = self.find(slug)
        return self.write(read_branch(update_category(category, changes=self.read(request))))

    def delete(self, _request: Request, slug: str) -> Response:
        """Take an empty category away."""
        delete_category(self.find(slug))
        return Response(status=204)

    def find(self, slug: str) -> Any:
        """Return the category; hidden ones exist for staff only."""
        rows = Category.objects.all()
        if not is_staff(self.request.user):
            rows = rows.visible()
        return get_object_or_404(rows.by_ref(slug))
