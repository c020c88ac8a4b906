"""The category tree."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey
from mptt.querysets import TreeQuerySet

from shopkit.catalog.search.keys import category_key

from .noted import NotedQuerySet
from .translated import Translated

LONGEST_KEY = 18


def ref_condition(ref: str) -> Q:
    """Return what finds the row that a link names by key or by slug, which is never all digits.

    More digits than any key has are taken for a slug, and so find nothing.
    """
    if is_key(ref):
        return Q(pk=int(ref))
    return Q(slug=ref)


def is_key(ref: str) -> bool:
    """Say whether ``ref`` is a key rather than a slug."""
    return ref.isascii() and ref.isdigit() and len(ref) <= LONGEST_KEY


class CategoryQuerySet(NotedQuerySet["Category"], TreeQuerySet):
    """Sets of categories."""

    def in_tree_order(self) -> CategoryQuerySet:
        """Parents before children, siblings by position and name."""
        return self.order_by("tree_id", "lft")

    def visible(self) -> CategoryQuerySet:
        """Neither hidden nor below a hidden one."""
        hidden = Category.objects.filter(
            is_active=False,
            tree_id=OuterRef("tree_id"),
            lft__lte=OuterRef("lft"),
            rght__gte=OuterRef("rght"),
        )
        return self.filter(~Exists(hidden))

    def by_ref(self, ref: str) -> CategoryQuerySet:
        """The one that a link means: by key when ``ref`` is digits, else by slug."""
        return self.filter(ref_condition(ref))


class Category(Translated, MPTTModel):  # type: ignore[django-manager-missing]  # MPTT is untyped
    """A node of the category tree (nested sets).

    Tree columns are written only by ``shopkit.catalog.services.tree``: concurrent writers corrupt
    nested sets without an error, so that module takes one lock around every write.

    translations -- {language: {"name": text}}
    metadata -- flat, for the site
    search_key -- what a search looks in; follows from the names
    """

    translatable = ("name",)

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    parent = TreeForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    position = models.PositiveIntegerField(
        _("position"), default=0, help_text=_("Among its siblings; equal ones go by name.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("A hidden category hides what is below it.")
    )
    metadata = models.JSONField(_("metadata"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    search_key = models.TextField(
        _("search key"), blank=True, default="", db_default="", editable=False
    )

    objects: Any = TreeManager.from_queryset(CategoryQuerySet)()

    class MPTTMeta:
        order_insertion_by = ("position", "name")

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("tree_id", "lft")
        constraints = (
            models.CheckConstraint(condition=~models.Q(slug=""), name="shopkit_category_slug_set"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the search key of the names."""
        self.set_search_key()
        fields = kwargs.get("update_fields")
        if fields is not None and not {"name", "translations"}.isdisjoint(fields):
            kwargs["update_fields"] = {*fields, "search_key"}
        super().save(*args, **kwargs)

    def set_search_key(self) -> None:
        """Make the search key right; for whoever saves many at once."""
        self.search_key = category_key(self.name, self.translations)
