"""Who may call: every view names its rule."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request

__all__ = ["AllowAny", "IsAuthenticated", "IsStaff", "ReadOnlyOrStaff"]


class IsStaff(BasePermission):
    """Active staff users that hold the view's ``staff_permission``.

    A view names it as Django does ("shopkit_catalog.change_product"); superusers hold all.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Say whether the caller may."""
        return is_staff(request.user, getattr(view, "staff_permission", ""))


class ReadOnlyOrStaff(IsStaff):
    """Anyone may look; only staff may write."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Say whether the caller may."""
        return request.method in SAFE_METHODS or super().has_permission(request, view)


def is_staff(user: Any, permission: str = "") -> bool:
    """Say whether ``user`` is staff and holds ``permission`` (any staff user when it is "")."""
    # A site's own user model need not know staff.
    if not (user and user.is_authenticated and user.is_active and getattr(user, "is_staff", False)):
        return False
    return not permission or user.has_perm(permission)
