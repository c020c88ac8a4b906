"""The category tree through its service."""

import random

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from shopkit.catalog.errors import CategoryNotEmpty
from shopkit.catalog.models import Category, Listing, Product
from shopkit.catalog.services.cached import refresh_products
from shopkit.catalog.services.tree import (
    check_tree,
    create_category,
    delete_category,
    insert_tree,
    rebuild_tree,
    update_category,
)
from shopkit.catalog.testing import make_product, make_variant

pytestmark = pytest.mark.django_db


def shape() -> list[tuple[int, str]]:
    return [(node.level, node.name) for node in Category.objects.in_tree_order()]


def code_of(error: ValidationError, attr: str) -> str | None:
    return error.error_dict[attr][0].code


class TestCreate:
    def test_siblings_stand_by_position_and_then_by_name(self):
        top = create_category(name="Top")
        for name, position in [("Zebra", 0), ("Last", 2), ("Apple", 0), ("Middle", 1)]:
            create_category(name=name, parent=top, position=position)

        assert shape() == [(0, "Top"), (1, "Apple"), (1, "Zebra"), (1, "Middle"), (1, "Last")]
        assert check_tree() == []

    def test_a_stale_parent_does_no_harm(self):
        top = create_category(name="Top")
        for number in range(5):
            create_category(name=f"Child {number}", parent=top)

        assert top.rght == 2
        assert Category.objects.get(pk=top.pk).rght == 12
        assert check_tree() == []

    def test_an_empty_slug_is_made_from_the_name(self):
        assert create_category(name="Ayollar kiyimi").slug == "ayollar-kiyimi"
        assert create_category(name="Ayollar kiyimi").slug.startswith("ayollar-kiyimi-")

    @pytest.mark.parametrize(
        ("slug", "code"), [("top", "unique"), ("2024", "all_digits"), ("a b", "invalid")]
    )
    def test_a_slug_that_cannot_be_is_refused(self, slug, code):
        create_category(name="Top")

        with pytest.raises(ValidationError) as refusal:
            create_category(name="Other", slug=slug)

        assert code_of(refusal.value, "slug") == code
        assert shape() == [(0, "Top")]

    def test_a_parent_that_is_gone_is_refused(self):
        gone = create_category(name="Gone")
        delete_category(gone)
        gone.pk = gone.pk or 1

        with pytest.raises(ValidationError) as refusal:
            create_category(name="Orphan", parent=gone)

        assert code_of(refusal.value, "parent") == "does_not_exist"
        assert shape() == []


class TestUpdate:
    def test_a_move_takes_the_branch_along(self):
        a, b = create_category(name="A"), create_category(name="B")
        child = create_category(name="Child", parent=a)
        create_category(name="Grandchild", parent=child)

        update_category(child, changes={"parent": b})

        assert shape() == [(0, "A"), (0, "B"), (1, "Child"), (2, "Grandchild")]
        assert check_tree() == []

    def test_a_category_can_become_a_root_and_come_back(self):
        a = create_category(name="A")
        child = create_category(name="Child", parent=a)

        update_category(child, changes={"parent": None})
        assert shape() == [(0, "A"), (0, "Child")]
        update_category(child, changes={"parent": a})

        assert shape() == [(0, "A"), (1, "Child")]
        assert check_tree() == []

    def test_below_itself_is_no_place(self):
        a = create_category(name="A")
        child = create_category(name="Child", parent=a)
        grandchild = create_category(name="Grandchild", parent=child)

        for target in (a, child, grandchild):
            with pytest.raises(ValidationError) as refusal:
                update_category(a, changes={"parent": target, "name": "New"})
            assert code_of(refusal.value, "parent") == "category_cycle"

        assert shape() == [(0, "A"), (1, "Child"), (2, "Grandchild")]

    def test_a_new_name_or_position_changes_the_place_among_siblings(self):
        a, b = create_category(name="A"), create_category(name="B")

        update_category(a, changes={"name": "C"})
        assert shape() == [(0, "B"), (0, "C")]
        update_category(b, changes={"position": 5})

        assert shape() == [(0, "C"), (0, "B")]
        assert check_tree() == []

    def test_another_ones_slug_is_refused_and_its_own_is_fine(self):
        a, b = create_category(name="A"), create_category(name="B")

        assert update_category(a, changes={"slug": "a", "name": "AA"}).name == "AA"
        with pytest.raises(ValidationError) as refusal:
            update_category(b, changes={"slug": "a"})

        assert code_of(refusal.value, "slug") == "unique"
        assert Category.objects.get(pk=b.pk).slug == "b"

    def test_a_field_that_is_not_for_callers_is_a_bug(self):
        a = create_category(name="A")

        with pytest.raises(TypeError, match="lft"):
            update_category(a, changes={"lft": 7})


class TestListings:
    """What the products below are listed in follows the tree."""

    def listed_in(self, product: Product) -> set[str]:
        rows = Listing.objects.filter(product=product)
        return set(rows.values_list("category__name", flat=True))

    def test_a_move_takes_products_from_the_old_lists_to_the_new(self):
        a, b = create_category(name="A"), create_category(name="B")
        child = create_category(name="Child", parent=a)
        grandchild = create_category(name="Grandchild", parent=child)
        product = make_variant().product
        product.categories.add(grandchild)
        refresh_products([product.pk])
        assert self.listed_in(product) == {"A", "Child", "Grandchild"}

        update_category(child, changes={"parent": b})

        assert self.listed_in(product) == {"B", "Child", "Grandchild"}

    def test_hiding_a_category_empties_the_lists_and_showing_fills_them(self):
        a = create_category(name="A")
        child = create_category(name="Child", parent=a)
        product = make_variant().product
        product.categories.add(child)
        refresh_products([product.pk])

        update_category(a, changes={"is_active": False})
        assert self.listed_in(product) == set()
        update_category(a, changes={"is_active": True})

        assert self.listed_in(product) == {"A", "Child"}


class TestDelete:
    def test_an_empty_category_goes_and_its_siblings_close_up(self):
        top = create_category(name="Top")
        first = create_category(name="First", parent=top)
        create_category(name="Second", parent=top)

        delete_category(first)

        assert shape() == [(0, "Top"), (1, "Second")]
        assert check_tree() == []

    def test_children_and_products_of_every_kind_keep_it(self):
        top = create_category(name="Top")
        create_category(name="Child", parent=top)
        make_product(category=top)
        make_product().categories.add(top)
        both = make_product(category=top)
        both.categories.add(top)
        make_product(category=top, is_active=False, deleted_at="2026-01-01T00:00:00Z")

        with pytest.raises(CategoryNotEmpty) as refusal:
            delete_category(top)

        assert refusal.value.details == {"children": 1, "products": 4}
        assert shape() == [(0, "Top"), (1, "Child")]


class TestBulk:
    def test_new_branches_grow_from_old_nodes_and_from_each_other(self):
        old = create_category(name="Old")
        create_category(name="M", parent=old)
        branch = Category(name="B", parent=old)
        root = Category(name="Aa root", position=0)
        leaf = Category(name="Leaf", parent=branch)
        late = Category(name="Z", parent=old)

        insert_tree([branch, root, leaf, late])

        assert shape() == [
            (0, "Aa root"),
            (0, "Old"),
            (1, "B"),
            (2, "Leaf"),
            (1, "M"),
            (1, "Z"),
        ]
        assert check_tree() == []

    def test_statements_do_not_grow_with_nodes(self, statements):
        old = create_category(name="Old")

        with statements(12):
            insert_tree([Category(name=f"Node {number}", parent=old) for number in range(60)])

        assert Category.objects.count() == 61

    def test_a_taken_slug_adds_nothing(self):
        create_category(name="Old")

        with pytest.raises(ValidationError) as refusal:
            insert_tree([Category(name="New"), Category(name="Other", slug="old")])

        assert code_of(refusal.value, "slug") == "unique"
        assert shape() == [(0, "Old")]


class TestCheckAndRebuild:
    def build(self) -> None:
        for root in "AB":
            top = create_category(name=root)
            for number in range(3):
                child = create_category(name=f"{root}{number}", parent=top)
                create_category(name=f"{root}{number}x", parent=child)

    @pytest.mark.parametrize(
        "damage",
        [
            {"lft": 99},
            {"rght": 2},
            {"level": 7},
            {"tree_id": 55},
            {"position": 9},
            {"name": "Zzz"},
            {"lft": 0, "rght": 0, "level": 0, "tree_id": 0},
        ],
    )
    def test_damage_is_seen_and_mended(self, damage):
        self.build()
        right = shape()
        assert check_tree() == []
        Category.objects.filter(name="A1").update(**damage)

        problems = check_tree()
        mended = rebuild_tree()

        assert len(problems) == mended > 0
        assert check_tree() == []
        assert rebuild_tree() == 0
        if not {"name", "position"} & damage.keys():
            assert shape() == right

    def test_parents_in_a_circle_are_seen_and_opened(self):
        self.build()
        a1, a1x = Category.objects.get(name="A1"), Category.objects.get(name="A1x")
        Category.objects.filter(pk=a1.pk).update(parent=a1x)

        assert f"category {a1.pk}: it is below itself" in check_tree()
        rebuild_tree()

        assert check_tree() == []
        assert Category.objects.get(pk=a1.pk).parent is None
        assert Category.objects.get(pk=a1x.pk).parent == a1

    def test_checking_is_one_statement_and_mending_a_few(self, statements):
        self.build()
        Category.objects.update(lft=0, rght=0)

        with statements(1):
            assert len(check_tree()) == 14
        with statements(5):  # savepoint, lock, look, mend, release
            assert rebuild_tree() == 14

    def test_the_commands_say_what_is_wrong_and_mend_it(self, capsys):
        self.build()
        call_command("shopkit_check_categories")
        assert "14 categories, no problem" in capsys.readouterr().out
        Category.objects.filter(name="B").update(rght=3)

        with pytest.raises(CommandError) as failure:
            call_command("shopkit_check_categories")
        assert failure.value.returncode == 1
        assert "rght 3 should be 14" in str(failure.value)
        assert "shopkit_rebuild_categories" in str(failure.value)

        call_command("shopkit_rebuild_categories")
        assert "mended 1" in capsys.readouterr().out
        call_command("shopkit_check_categories")

    def test_a_chain_deeper_than_the_stack_of_python_is_no_problem(self):
        chain = [Category(name="0")]
        for number in range(1, 1200):
            chain.append(Category(name=str(number), parent=chain[-1], slug=f"s{number}"))

        insert_tree(chain[:600])

        assert check_tree() == []


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_of_writes_gives_the_tree_of_the_model(seed):
    """A random walk beside a plain dict of parents."""
    chance = random.Random(seed)
    parents: dict[int, int | None] = {}

    for number in range(60):
        some = chance.choice([*parents, None])
        action = chance.choice(["create", "create", "move", "rename", "delete"])
        category = Category(pk=some)  # as stale as it gets
        if action == "create" or some is None:
            parent = None if some is None else category
            name, position = f"{chance.randrange(50)}", chance.randrange(3)
            new = create_category(name=name, slug=f"s-{number}", parent=parent, position=position)
            parents[new.pk] = some
        elif action == "move":
            target = chance.choice([*parents, None])
            try:
                update_category(
                    category, changes={"parent": None if target is None else Category(pk=target)}
                )
                parents[some] = target
            except ValidationError:
                assert some in ancestors(parents, target)
        elif action == "rename":
            update_category(category, changes={"name": f"{chance.randrange(50)}"})
        elif some in parents.values():
            with pytest.raises(CategoryNotEmpty):
                delete_category(category)
        else:
            delete_category(category)
            del parents[some]
        assert check_tree() == []

    assert dict(Category.objects.values_list("pk", "parent_id")) == parents
    for node in Category.objects.all():
        below = {pk for pk in parents if node.pk in ancestors(parents, pk)}
        assert {one.pk for one in node.get_descendants(include_self=True)} == below


def ancestors(parents: dict[int, int | None], key: int | None) -> list[int]:
    """``key`` and what is above it."""
    found = []
    while key is not None:
        found.append(key)
        key = parents[key]
    return found
