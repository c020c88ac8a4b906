"""Category trees from files."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shopkit.catalog.imports.categories import import_categories
from shopkit.catalog.imports.report import Listener, Report, UnreadableFile
from shopkit.catalog.models import Category, Listing
from shopkit.catalog.services.cached import refresh_products
from shopkit.catalog.services.tree import check_tree, create_category, update_category
from shopkit.catalog.testing import make_variant

pytestmark = pytest.mark.django_db

GOOGLE = Path(__file__).parent / "data" / "taxonomy.txt"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "categories"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def run(path: Path, format: str, **options: Any) -> tuple[Report, dict[int, str], dict[int, str]]:
    """Return the report, the errors and the notes by line."""
    listener = Listener()
    report = import_categories(path, format=format, listener=listener, **options)
    told: list[dict[int, str]] = [{}, {}]
    for message in listener.messages:
        told[not message.is_error][message.line] = message.text
    return report, told[0], told[1]


def tree() -> list[str]:
    """The tree as indented names."""
    return ["  " * node.level + node.name for node in Category.objects.in_tree_order()]


def numbers(report: Report) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.failed


class TestGoogle:
    def test_the_tree_is_built_with_its_ids(self):
        report, errors, _notes = run(GOOGLE, "google")

        assert numbers(report) == (6, 0, 0, 0)
        assert errors == {}
        assert tree() == ["Clothing", "  Hats", "Crafts", "  Clay", "  Felt & Wool", "    Hats"]
        assert Category.objects.get(metadata__google_id=121).level == 2
        assert check_tree() == []

    def test_equal_names_get_slugs_that_are_the_same_in_every_run(self):
        run(GOOGLE, "google")

        hats = Category.objects.filter(name="Hats").values_list("metadata__google_id", "slug")
        assert dict(hats) == {21: "hats", 121: "hats-g121"}

    def test_a_second_run_changes_nothing(self):
        run(GOOGLE, "google")
        before = list(Category.objects.order_by("pk").values_list())

        assert numbers(run(GOOGLE, "google")[0]) == (0, 0, 6, 0)
        assert list(Category.objects.order_by("pk").values_list()) == before

    def test_a_rehearsal_changes_nothing(self):
        assert numbers(run(GOOGLE, "google", dry_run=True)[0]) == (6, 0, 0, 0)
        assert tree() == []

    def test_a_path_that_is_there_already_is_the_same_node(self):
        crafts = create_category(name="Crafts")
        clay = create_category(name="Clay", parent=crafts)

        assert numbers(run(GOOGLE, "google")[0]) == (4, 2, 0, 0)
        assert Category.objects.get(pk=clay.pk).metadata == {"google_id": 13}
        assert Category.objects.count() == 6
        assert check_tree() == []

    def test_a_new_name_of_a_known_id_renames_its_node(self, tmp_path):
        run(GOOGLE, "google")
        old = Category.objects.get(metadata__google_id=13)

        path = write(tmp_path, "1 - Crafts", "13 - Crafts > Zesty clay", "14 - Crafts > Clay")
        assert numbers(run(path, "google")[0]) == (1, 1, 1, 0)

        old.refresh_from_db()
        assert old.name == "Zesty clay"
        assert Category.objects.get(metadata__google_id=14).name == "Clay"
        assert check_tree() == []

    def test_names_in_another_language_go_to_the_nodes_with_the_same_ids(self, tmp_path):
        run(GOOGLE, "google")
        path = write(tmp_path, "1 - Ремёсла", "13 - Ремёсла > Глина", "99 - Чужое")

        report, errors, notes = run(path, "google", language="ru")

        assert numbers(report) == (0, 2, 0, 0)
        assert errors == {}
        assert "99" in notes[3]
        clay = Category.objects.get(metadata__google_id=13)
        assert (clay.name, clay.translations) == ("Clay", {"ru": {"name": "Глина"}})
        assert Category.objects.count() == 6
        assert numbers(run(path, "google", language="ru")[0]) == (0, 0, 2, 0)

    def test_a_language_that_is_none_is_refused(self, tmp_path):
        with pytest.raises(UnreadableFile):
            run(GOOGLE, "google", language="Not a language")

    def test_bad_lines_are_named_and_the_good_ones_kept(self, tmp_path):
        path = write(
            tmp_path,
            "1 - Crafts",
            "nonsense",
            "2 - Nowhere > Child",
            "1 - Again",
            f"3 - {'N' * 201}",
            "4 - Crafts > Good",
        )

        report, errors, _notes = run(path, "google")

        assert numbers(report) == (2, 0, 0, 4)
        assert sorted(errors) == [2, 3, 4, 5]
        assert "Nowhere" in errors[3]
        assert tree() == ["Crafts", "  Good"]

    def test_a_file_of_another_kind_is_refused(self, tmp_path):
        with pytest.raises(UnreadableFile, match="id - A > B"):
            run(write(tmp_path, "Handle,Title", "a,b"), "google")

    def test_statements_grow_with_batches_and_not_with_nodes(self, tmp_path):
        """5 582 nodes, as many as the real file has."""
        lines = [f"{root} - Root {root:02}" for root in range(1, 23)]
        lines += [f"{node} - Root {node % 22 + 1:02} > Leaf {node}" for node in range(100, 5660)]
        path = write(tmp_path, *lines)

        with CaptureQueriesContext(connection) as first:
            assert run(path, "google")[0].created == 5582
        with CaptureQueriesContext(connection) as second:
            assert run(path, "google")[0].unchanged == 5582

        # SQLite takes 999 parameters a statement, some 70 rows of a category.
        assert len(first) <= (100 if connection.vendor == "sqlite" else 40)
        assert len(second) <= 15
        assert check_tree() == []


class TestOwnFormat:
    HEADER = "slug,name,parent_slug,position,is_active,name_ru"

    def test_the_tree_is_built_whatever_the_order_of_rows(self, tmp_path):
        path = write(
            tmp_path,
            self.HEADER,
            "felt,Felt,crafts,2,true,Войлок",
            "clay,Clay,crafts,1,no,",
            "crafts,Crafts,,0,,",
            "hats,'=Hats,felt,0,,",
        )

        assert numbers(run(path, "shopkit")[0]) == (4, 0, 0, 0)
        assert tree() == ["Crafts", "  Clay", "  Felt", "    =Hats"]
        felt, clay = Category.objects.get(slug="felt"), Category.objects.get(slug="clay")
        assert felt.translations == {"ru": {"name": "Войлок"}}
        assert (clay.is_active, clay.position, clay.translations) == (False, 1, {})
        assert numbers(run(path, "shopkit")[0]) == (0, 0, 4, 0)

    def test_what_differs_is_changed_and_listings_follow_a_move(self, tmp_path):
        crafts = create_category(name="Crafts")
        create_category(name="Clothing")
        hats = create_category(name="Hats", parent=crafts, translations={"uz": {"name": "Qalpoq"}})
        product = make_variant().product
        product.categories.add(hats)
        refresh_products([product.pk])

        report, _errors, _notes = run(
            write(
                tmp_path,
                "slug,name,parent_slug,name_ru",
                "hats,Hats,new,Шапки",
                "new,New,clothing,",
                "clothing,Clothing,,",
            ),
            "shopkit",
        )

        assert numbers(report) == (1, 1, 1, 0)
        assert tree() == ["Clothing", "  New", "    Hats", "Crafts"]
        hats.refresh_from_db()
        assert hats.translations == {"uz": {"name": "Qalpoq"}, "ru": {"name": "Шапки"}}
        listed = Listing.objects.filter(product=product).values_list("category__name", flat=True)
        assert set(listed) == {"Clothing", "New", "Hats"}
        assert check_tree() == []

    def test_columns_left_out_stay_as_they_are(self, tmp_path):
        top = create_category(name="Top")
        hats = create_category(name="Hats", parent=top, position=4, is_active=False)

        run(write(tmp_path, "slug,name", "hats,Caps"), "shopkit")

        hats.refresh_from_db()
        assert (hats.name, hats.parent, hats.position, hats.is_active) == ("Caps", top, 4, False)

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("2024,Year,,,,", "digits"),
            ("a b,Blank,,,,", "slug"),
            ("noname,,,,,", "name"),
            ("far,Far,nowhere,,,", "“nowhere”"),
            ("neg,Neg,,-1,,", "position"),
            ("txt,Txt,,first,,", "whole number"),
            ("maybe,Maybe,,,perhaps,", "neither"),
            ("top,Again,,,,", "line 2"),
            ("wide,Wide,,,,,x", "more cells"),
            ("self,Self,self,,,", "below itself"),
            (f"long,{'L' * 201},,,,", "name"),
        ],
    )
    def test_a_bad_row_is_named_and_the_good_ones_kept(self, tmp_path, row, reason):
        path = write(tmp_path, self.HEADER, "top,Top,,,,", row, "child,Child,top,,,")

        report, errors, _notes = run(path, "shopkit")

        assert numbers(report) == (2, 0, 0, 1)
        assert list(errors) == [3]
        assert reason in errors[3]
        assert tree() == ["Top", "  Child"]

    def test_what_would_hang_below_itself_stays_where_it_was(self, tmp_path):
        a = create_category(name="A")
        b = create_category(name="B", parent=a)
        create_category(name="C", parent=b)

        report, errors, _notes = run(
            write(tmp_path, "slug,name,parent_slug", "a,Aa,c", "d,D,a"), "shopkit"
        )

        assert numbers(report) == (1, 0, 0, 1)
        assert "below itself" in errors[2]
        assert tree() == ["A", "  B", "    C", "  D"]
        assert check_tree() == []

    def test_the_children_of_a_failed_new_category_fail_with_it(self, tmp_path):
        report, errors, _notes = run(
            write(tmp_path, "slug,name,parent_slug", "a,A,b", "b,B,nowhere", "c,C,"), "shopkit"
        )

        assert numbers(report) == (1, 0, 0, 2)
        assert sorted(errors) == [2, 3]
        assert tree() == ["C"]

    def test_missing_columns_are_named(self, tmp_path):
        with pytest.raises(UnreadableFile, match="lacks: slug"):
            run(write(tmp_path, "name,parent_slug", "a,b"), "shopkit")


class TestCommand:
    def test_it_says_what_happened(self, capsys):
        call_command("shopkit_import_categories", str(GOOGLE), format="google")

        assert capsys.readouterr().out.startswith("created 6, updated 0, unchanged 0, failed 0")

    def test_a_rehearsal_says_that_it_is_one(self, capsys):
        call_command("shopkit_import_categories", str(GOOGLE), "--dry-run", format="google")

        assert "nothing has been changed" in capsys.readouterr().out
        assert tree() == []

    def test_failed_rows_end_it_with_1_and_good_ones_are_kept(self, tmp_path, capsys):
        path = write(tmp_path, "1 - Crafts", "nonsense")

        with pytest.raises(CommandError) as failure:
            call_command("shopkit_import_categories", str(path), format="google")

        assert failure.value.returncode == 1
        assert "line 2: " in capsys.readouterr().err
        assert tree() == ["Crafts"]

    def test_a_file_that_cannot_be_read_ends_it_with_2(self, tmp_path):
        with pytest.raises(CommandError) as failure:
            call_command("shopkit_import_categories", str(tmp_path / "no"), format="shopkit")

        assert failure.value.returncode == 2


def test_an_import_does_not_disturb_what_staff_have_moved():
    run(GOOGLE, "google")
    clay = Category.objects.get(metadata__google_id=13)
    update_category(clay, changes={"parent": None, "position": 3})

    assert numbers(run(GOOGLE, "google")[0]) == (0, 0, 6, 0)
    clay.refresh_from_db()
    assert (clay.parent, clay.position) == (None, 3)


def test_the_guides_example_is_a_file_that_can_be_imported(tmp_path):
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "import-categories.md"
    example = guide.read_text(encoding="utf-8").split("```text\n")[1].split("```")[0]

    assert numbers(run(write(tmp_path, example.strip()), "shopkit")[0]) == (2, 0, 0, 0)
    assert tree() == ["Clothing", "  Hats"]
