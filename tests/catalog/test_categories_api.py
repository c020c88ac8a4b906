"""The category tree over HTTP."""

import pytest

from shopkit.catalog.models import Category
from shopkit.catalog.testing import make_category, make_product, make_variant

pytestmark = pytest.mark.django_db
URL = "/api/v1/categories/"


@pytest.fixture
def clothes(db):
    return make_category(name="Clothes", translations={"uz": {"name": "Kiyimlar"}})


@pytest.fixture
def shirts(clothes):
    return make_category(name="Shirts", parent=clothes, translations={"ru": {"name": "Рубашки"}})


@pytest.fixture
def cups(db):
    return make_category(name="Cups")


def outline(nodes):
    """Return {slug: outline of what is below}."""
    return {node["slug"]: outline(node["children"]) for node in nodes}


def test_the_tree_is_nested_and_counts_each_visible_product_once(client, clothes, shirts, cups):
    make_variant(product=make_product(categories=[shirts, clothes]))
    make_variant(product=make_product(categories=[shirts]))
    make_variant(product=make_product(categories=[shirts], is_active=False))

    answer = client.get(URL)

    assert answer.status_code == 200
    assert answer.json() == [
        {
            "id": clothes.pk,
            "slug": "clothes",
            "name": "Clothes",
            "product_count": 2,
            "children": [
                {
                    "id": shirts.pk,
                    "slug": "shirts",
                    "name": "Shirts",
                    "product_count": 2,
                    "children": [],
                }
            ],
        },
        {"id": cups.pk, "slug": "cups", "name": "Cups", "product_count": 0, "children": []},
    ]


def test_the_tree_is_one_statement(client, shirts, cups, statements):
    for number in range(5):
        make_category(name=f"Deep {number}", parent=shirts)

    with statements(1):
        assert len(client.get(URL).data) == 2


def test_names_come_in_the_language_of_the_reader(client, clothes):
    answer = client.get(URL, headers={"Accept-Language": "uz"})

    assert answer.json()[0]["name"] == "Kiyimlar"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"clothes": {"shirts": {"t-shirts": {}}}, "cups": {}}),
        ("root=shirts", {"shirts": {"t-shirts": {}}}),
        ("depth=1", {"clothes": {}, "cups": {}}),
        ("root=clothes&depth=2", {"clothes": {"shirts": {}}}),
        ("search=SHIRT", {"clothes": {"shirts": {"t-shirts": {}}}}),
        ("search=rubashki", {"clothes": {"shirts": {}}}),
        ("search=kiyimlar", {"clothes": {}}),
        ("search=nothing", {}),
        ("search=%20%25", {"clothes": {"shirts": {"t-shirts": {}}}, "cups": {}}),
    ],
)
def test_a_part_of_the_tree_can_be_asked_for(client, shirts, cups, query, expected):
    make_category(name="T-shirts", parent=shirts)

    assert outline(client.get(f"{URL}?{query}").json()) == expected


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("root=nope", "root"),
        ("depth=0", "depth"),
        ("depth=x", "depth"),
        ("depth=1.5", "depth"),
        ("depth=" + "9" * 40, "depth"),
        ("parent=1", "parent"),
        ("search=%00", "search"),
    ],
)
def test_a_wrong_question_is_refused_by_name(client, clothes, query, attr):
    answer = client.get(f"{URL}?{query}")

    assert answer.status_code == 400
    assert [row["attr"] for row in answer.json()["errors"]] == [attr]


def test_a_hidden_category_hides_what_is_below_and_staff_reach_it_by_name(
    client, as_staff, clothes, shirts, cups
):
    Category.objects.filter(pk=clothes.pk).update(is_active=False)

    assert outline(client.get(URL).json()) == {"cups": {}}
    assert outline(as_staff.get(URL).json()) == {"cups": {}}
    assert client.get(f"{URL}shirts/").status_code == 404
    assert as_staff.get(f"{URL}shirts/").status_code == 200
    assert as_staff.get(f"{URL}clothes/").json()["children"][0]["slug"] == "shirts"


def test_a_category_shows_its_branch_and_the_way_to_it(client, clothes, shirts):
    answer = client.get(f"{URL}shirts/")

    assert answer.json() == {
        "id": shirts.pk,
        "slug": "shirts",
        "name": "Shirts",
        "product_count": 0,
        "children": [],
        "breadcrumbs": [
            {"id": clothes.pk, "slug": "clothes", "name": "Clothes"},
            {"id": shirts.pk, "slug": "shirts", "name": "Shirts"},
        ],
    }
    assert client.get(f"{URL}{shirts.pk}/").json() == answer.json()


@pytest.mark.parametrize("ref", ["nope", "999999", "9" * 50, "a%00b"])
def test_an_unknown_category_is_404(client, clothes, ref):
    assert client.get(f"{URL}{ref}/").status_code == 404


def test_an_unchanged_tree_is_304_until_a_product_comes(client, cups):
    tag = client.get(URL)["ETag"]
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 304

    make_variant(product=make_product(categories=[cups]))

    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 200


def test_staff_make_move_and_delete_categories(as_staff, clothes, cups):
    made = as_staff.post(URL, {"name": "Mugs", "parent": clothes.pk}, format="json")
    assert made.status_code == 201
    assert [crumb["slug"] for crumb in made.json()["breadcrumbs"]] == ["clothes", "mugs"]

    moved = as_staff.patch(f"{URL}mugs/", {"parent": cups.pk, "name": "Big mugs"}, format="json")
    assert moved.status_code == 200
    assert [crumb["name"] for crumb in moved.json()["breadcrumbs"]] == ["Cups", "Big mugs"]

    assert as_staff.delete(f"{URL}cups/").status_code == 409
    assert as_staff.delete(f"{URL}mugs/").status_code == 204
    assert as_staff.delete(f"{URL}cups/").status_code == 204
    assert outline(as_staff.get(URL).json()) == {"clothes": {}}


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({}, "name", "required"),
        ({"name": "X" * 201}, "name", "max_length"),
        ({"name": "X", "slug": "clothes"}, "slug", "unique"),
        ({"name": "X", "slug": "12"}, "slug", "all_digits"),
        ({"name": "X", "parent": 10**6}, "parent", "does_not_exist"),
        ({"name": "X", "parent": 2**70}, "parent", None),
        ({"name": "X", "parent": "x"}, "parent", None),
        ({"name": "X", "position": 2**31}, "position", "max_value"),
        ({"name": "X", "position": -1}, "position", "min_value"),
        ({"name": "X", "translations": {"uz": "x"}}, "translations", "invalid_translations"),
        ({"name": "X", "translations": []}, "translations", None),
    ],
)
def test_a_wrong_category_is_refused_by_field(as_staff, clothes, body, attr, code):
    answer = as_staff.post(URL, body, format="json")

    assert answer.status_code == 400
    rows = {row["attr"]: row["code"] for row in answer.json()["errors"]}
    assert list(rows) == [attr]
    assert code is None or rows[attr] == code
    assert Category.objects.count() == 1


def test_a_category_cannot_move_below_itself(as_staff, clothes, shirts):
    answer = as_staff.patch(f"{URL}clothes/", {"parent": shirts.pk}, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "category_cycle"


def test_customers_may_not_write(as_user, client, clothes):
    for caller, status in ((client, 401), (as_user, 403)):
        assert caller.post(URL, {"name": "X"}, format="json").status_code == status
        assert caller.patch(f"{URL}clothes/", {"name": "X"}, format="json").status_code == status
        assert caller.delete(f"{URL}clothes/").status_code == status
    assert Category.objects.get().name == "Clothes"


@pytest.mark.django_db
@pytest.mark.parametrize("depth", ["1e1", "1E2", " 3 "])
def test_a_depth_in_any_spelling_of_a_number_is_read(client, depth):
    assert client.get("/api/v1/categories/", {"depth": depth}).status_code == 200
