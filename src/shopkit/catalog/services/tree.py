"""The category tree: every write to it goes through here, one after the other.

A category's place is kept as nested sets (``lft``, ``rght``, ``level``, ``tree_id``), which makes
reading a branch one query; two writers at once corrupt them without an error. So whoever writes
holds ``tree_lock`` and reads the node again inside it: numbers in a caller's instance are old news.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, router, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shopkit.catalog.errors import CategoryCycle, CategoryNotEmpty
from shopkit.catalog.models import Category, Product
from shopkit.catalog.models.products import not_all_digits
from shopkit.core.text import make_slug

from .cached import refresh_products
from .nested_sets import Node, Place, differences, heads_of_circles, number_tree

# A 64-bit number that no other program is likely to lock in the same database.
LOCK_KEY = int.from_bytes(hashlib.sha256(b"shopkit.catalog.tree").digest()[:8], "big", signed=True)
CHANGEABLE = frozenset({"name", "slug", "parent", "position", "is_active", "translations"})
# Which lists the products below stand in depends on these.
LISTING = ("parent_id", "is_active")
# Each batch is one UPDATE with a CASE per row, whose cost grows with the square of the batch.
BATCH = 500


@contextmanager
def tree_lock(*, shared: bool = False) -> Iterator[None]:
    """Hold the tree still until the transaction ends; opens one where none is open.

    Take it before any row lock, products' included: writers of the tree lock products after it.
    On PostgreSQL it is a transaction-level advisory lock, which waits as long as ``lock_timeout``
    allows. On SQLite a transaction that begins IMMEDIATE is the only writer already, so nothing is
    left to lock.

    shared -- for whoever writes rows derived from the tree, such as listings: keeps tree writers
        out, lets others of its kind in
    """
    using = router.db_for_write(Category)
    with transaction.atomic(using=using):
        if connections[using].vendor == "postgresql":
            kind = "_shared" if shared else ""
            with connections[using].cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_xact_lock{kind}(%s)", [LOCK_KEY])
        yield


def create_category(
    *,
    name: str,
    slug: str = "",
    parent: Category | None = None,
    position: int = 0,
    is_active: bool = True,
    translations: Mapping[str, Any] | None = None,
) -> Category:
    """Add a category at its place among its siblings: by position, then by name.

    slug -- made from the name when empty

    Returns the saved category. Raises ValidationError: slug (unique, all_digits, invalid), parent
    (does_not_exist) or any field that does not hold what it is given.
    """
    with tree_lock():
        category = Category(
            name=name,
            slug=slug or _free_slug(name),
            parent=_fresh_parent(parent),
            position=position,
            is_active=is_active,
            translations=dict(translations or {}),
        )
        _validate(category)
        category.save()
    return category


def update_category(category: Category, *, changes: Mapping[str, Any]) -> Category:
    """Change fields of ``category``; a new parent, position or name moves it with all below it.

    changes -- any of name, slug ("" makes one from the name), parent, position, is_active,
        translations (``TranslationChanges`` are laid over those there are); a category of None as
        parent makes it a root

    Returns the category as it is now stored; ``category`` itself is left as it was. Raises
    ValidationError: slug (unique, all_digits, invalid), parent (category_cycle, does_not_exist);
    Category.DoesNotExist when it was deleted meanwhile; TypeError for any other field.
    """
    if unknown := sorted(changes.keys() - CHANGEABLE):
        raise TypeError(f"Not a changeable field of a category: {', '.join(unknown)}.")
    with tree_lock():
        fresh: Category = Category.objects.get(pk=category.pk)
        before = [getattr(fresh, name) for name in LISTING]
        _assign(fresh, changes)
        _validate(fresh)
        fresh.save()
        if [getattr(fresh, name) for name in LISTING] != before:
            _refresh_below(fresh)
    return fresh


def delete_category(category: Category) -> None:
    """Take an empty category out of the tree.

    Products count whether the category is their primary one or a further one, and those taken off
    sale for ever count too: their rows stay, and so does what they point at.

    Raises CategoryNotEmpty with the numbers of children and products; Category.DoesNotExist when
    it is gone already.
    """
    with tree_lock():
        # The row lock makes a product that is being put into this category wait, or us for it.
        fresh = Category.objects.select_for_update().get(pk=category.pk)
        children = Category.objects.filter(parent=fresh).count()
        products = _products_in([fresh.pk]).count()
        if children or products:
            raise CategoryNotEmpty(children=children, products=products)
        fresh.delete()


def insert_tree(nodes: Sequence[Category]) -> None:
    """Add many unsaved categories at once; afterwards all of them have keys and places.

    The number of statements grows with the tree's depth and with batches, not with nodes.

    nodes -- each one's ``parent`` is None, a saved category or another one of ``nodes``; empty
        slugs are made from the names

    Raises ValidationError for a slug that is taken (unique); nothing is added then.
    """
    with tree_lock():
        _fill_slugs(nodes)
        _guess_places(nodes)
        for node in nodes:
            node.set_search_key()
        for level in _by_depth(nodes):
            Category.objects.bulk_create(level, batch_size=BATCH)
        rebuild_tree()


def change_tree(nodes: Sequence[Category], *, fields: Sequence[str]) -> None:
    """Save ``fields`` of many stored categories at once, and mend the places afterwards.

    The number of statements grows with batches, not with nodes. The caller has checked the values
    and that no category ends below itself, holding ``tree_lock`` since before it read them.

    fields -- any of name, parent, position, is_active, translations, metadata
    """
    with tree_lock():
        before = {pk: rest for pk, *rest in Category.objects.values_list("pk", *LISTING)}
        for node in nodes:
            node.set_search_key()
        Category.objects.bulk_update(nodes, [*fields, "search_key"], batch_size=BATCH)
        rebuild_tree()
        relisted = [
            node for node in nodes if [getattr(node, x) for x in LISTING] != before[node.pk]
        ]
        if relisted:
            _refresh_below(*relisted)


def check_tree() -> list[str]:
    """Return what is wrong with the tree, one sentence per category; empty when all is well.

    One query; the right numbers are worked out in memory from parents, positions and names.
    """
    nodes = _read_nodes()
    places = number_tree(nodes)
    problems = []
    for node in nodes:
        if node.key not in places:
            problems.append(f"category {node.key}: it is below itself")
        elif wrong := differences(node.place, places[node.key]):
            problems.append(f"category {node.key}: {', '.join(wrong)}")
    return problems


def rebuild_tree() -> int:
    """Work the places out anew from parents, positions and names; return how many rows it mended.

    Parents are believed. Where categories stand below themselves in a circle, the one with the
    lowest key becomes a root. One query, and one per batch of wrong rows.
    """
    with tree_lock():
        nodes = _read_nodes()
        if heads := heads_of_circles(nodes):
            Category.objects.filter(pk__in=heads).update(parent=None)
            nodes = [node._replace(parent=None) if node.key in heads else node for node in nodes]
        places = number_tree(nodes)
        wrong = [node.key for node in nodes if node.place != places[node.key]]
        Category.objects.bulk_update(
            [Category(pk=key, **places[key]._asdict()) for key in wrong],
            Place._fields,
            batch_size=BATCH,
        )
    return len({*wrong, *heads})


def refresh_category_keys() -> None:
    """Work the search keys of all categories out anew; right ones are left alone."""
    with tree_lock():
        wrong = []
        for node in Category.objects.only("name", "translations", "search_key").iterator():
            before = node.search_key
            node.set_search_key()
            if node.search_key != before:
                wrong.append(node)
        Category.objects.bulk_update(wrong, ["search_key"], batch_size=BATCH)


# Reading and checking one node.


def _fresh_parent(parent: Category | None) -> Category | None:
    if parent is None:
        return None
    found: Category | None = Category.objects.filter(pk=parent.pk).first()
    if found is None:
        message = _("There is no such category.")
        raise ValidationError({"parent": ValidationError(message, code="does_not_exist")})
    return found


def _assign(category: Category, changes: Mapping[str, Any]) -> None:
    category.take(changes)
    if "parent" in changes:
        category.parent = _fresh_parent(changes["parent"])
        _refuse_cycle(category)
    if not category.slug:
        category.slug = _free_slug(category.name, besides=category.pk)


def _refuse_cycle(category: Category) -> None:
    parent = category.parent
    if (
        parent is not None
        and parent.tree_id == category.tree_id
        and category.lft <= parent.lft <= category.rght
    ):
        cycle = CategoryCycle()
        raise ValidationError({"parent": ValidationError(str(cycle), code=cycle.code)})


def _validate(category: Category) -> None:
    category.clean_fields(exclude=["parent", *Place._fields])
    try:
        not_all_digits(category.slug)
    except ValidationError as error:
        raise ValidationError({"slug": error}) from error
    category.check_translations()
    if _is_taken(category.slug, besides=category.pk):
        raise _slug_taken(category.slug)


def _free_slug(name: str, *, besides: int | None = None) -> str:
    return make_slug(name, is_taken=lambda slug: _is_taken(slug, besides=besides))


def _is_taken(slug: str, *, besides: int | None) -> bool:
    return bool(Category.objects.filter(slug=slug).exclude(pk=besides).exists())


def _slug_taken(slug: str) -> ValidationError:
    message = _("Another category has the slug “%(slug)s”.")
    return ValidationError({"slug": ValidationError(message, "unique", {"slug": slug})})


def _products_in(categories: Iterable[int]) -> Any:
    chosen = list(categories)
    return Product.objects.filter(Q(category__in=chosen) | Q(categories__in=chosen)).distinct()


def _refresh_below(*categories: Category) -> None:
    """Bring the listings of the branches up to date, while the tree is held and nobody joins."""
    fresh = Category.objects.filter(pk__in=[one.pk for one in categories])
    branch = Category.objects.get_queryset_descendants(fresh, include_self=True)
    refresh_products(_products_in(branch.values_list("pk", flat=True)).values_list("pk", flat=True))


# Many at once.


def _read_nodes() -> list[Node]:
    """Return all nodes, siblings in their order; equal ones as they stand now.

    The database sorts: only it knows how its collation compares names.
    """
    rows = Category.objects.order_by("position", "name", "tree_id", "lft", "pk")
    columns = ("pk", "parent_id", "position", "name", *Place._fields)
    return [
        Node(key, parent, Place(*place), position, name)
        for key, parent, position, name, *place in rows.values_list(*columns).iterator()
    ]


def _fill_slugs(nodes: Iterable[Category]) -> None:
    taken = set(Category.objects.values_list("slug", flat=True))
    for node in nodes:
        if node.slug in taken:
            raise _slug_taken(node.slug)
        node.slug = node.slug or make_slug(node.name, is_taken=taken.__contains__)
        taken.add(node.slug)


def _guess_places(nodes: Sequence[Category]) -> None:
    """Give new nodes the places they should have if the database sorts as Python does."""
    unplaced = Place(0, 0, 0, 0)
    new = [
        Node(_key(node), node.parent and _key(node.parent), unplaced, node.position, node.name)
        for node in nodes
    ]
    merged = sorted([*_read_nodes(), *new], key=lambda node: (node.position, node.name))
    places = number_tree(merged)
    for node in nodes:
        _put(node, places[_key(node)])


def _key(node: Category) -> int:
    """A number for a node that may not have a primary key yet."""
    return node.pk or -id(node)


def _by_depth(nodes: Sequence[Category]) -> list[list[Category]]:
    """Return ``nodes`` in layers, parents in an earlier one than their children."""
    layers: dict[int, list[Category]] = defaultdict(list)
    for node in nodes:
        layers[node.level].append(node)
    return [layers[level] for level in sorted(layers)]


def _put(node: Category, place: Place) -> None:
    for name, number in place._asdict().items():
        setattr(node, name, number)
