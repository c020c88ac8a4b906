"""Related products on the product's page, as a shopkeeper chooses them."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from shopkit.catalog.models import Product, RelatedProduct
from shopkit.catalog.services.products import delete_product
from shopkit.catalog.services.related import set_related
from shopkit.catalog.testing import make_product, make_variant

from .test_admin import ADMIN, complaints, fields_of, save

pytestmark = pytest.mark.django_db
TOTAL = "related_products-TOTAL_FORMS"


@pytest.fixture
def goods(db):
    return [make(name) for name in ("Cup", "Plate", "Bowl", "Spoon")]


def make(name):
    product = make_product(name=name)
    make_variant(product=product)
    return product


def page_of(product):
    return f"{ADMIN}product/{product.pk}/change/"


def box(row, name="related"):
    return f"related_products-{row}-{name}"


def names(product):
    rows = RelatedProduct.objects.filter(product=product).order_by("position")
    return [row.related.name for row in rows]


def test_products_are_chosen_in_an_order(shopkeeper, goods):
    cup, plate, bowl, spoon = goods
    chosen = {box(0): plate.pk, box(1): bowl.pk, box(2): spoon.pk, box(2, "position"): "0"}

    answer = save(shopkeeper, page_of(cup), **{TOTAL: "3"}, **chosen)

    assert answer.status_code == 302, complaints(answer)
    assert names(cup) == ["Spoon", "Plate", "Bowl"]
    assert "Plate" in LogEntry.objects.get().change_message


def test_a_new_product_is_made_with_its_related_ones(shopkeeper, goods):
    chosen = {"name": "Saucer", "variants-0-price": "100", TOTAL: "1", box(0): goods[0].pk}

    answer = save(shopkeeper, f"{ADMIN}product/add/", **chosen)

    assert answer.status_code == 302, complaints(answer)
    assert names(Product.objects.get(name="Saucer")) == ["Cup"]


def test_two_change_places_and_one_goes(shopkeeper, goods):
    cup, plate, bowl, spoon = goods
    set_related(cup, related=[plate.pk, bowl.pk, spoon.pk])
    moved = {box(0): bowl.pk, box(1): plate.pk, box(2, "DELETE"): "on"}

    answer = save(shopkeeper, page_of(cup), **moved)

    assert answer.status_code == 302, complaints(answer)
    assert names(cup) == ["Bowl", "Plate"]


def test_saving_an_untouched_page_changes_nothing(shopkeeper, goods):
    cup, plate, bowl, _spoon = goods
    set_related(cup, related=[plate.pk, bowl.pk])
    before = list(RelatedProduct.objects.values())

    assert save(shopkeeper, page_of(cup)).status_code == 302

    assert list(RelatedProduct.objects.values()) == before


@pytest.mark.parametrize("case", ["itself", "twice", "too many", "gone"])
def test_what_makes_no_sense_is_said_on_the_page(shopkeeper, goods, settings, case):
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": {"RELATED": 2}}
    cup, plate, bowl, spoon = goods
    delete_product(spoon)
    chosen, wrong = {
        "itself": ([cup.pk], "0.related"),
        "twice": ([plate.pk, plate.pk], "1.related"),
        "too many": ([plate.pk, bowl.pk, make("Fork").pk], "formset"),
        "gone": ([spoon.pk], "0.related"),
    }[case]
    boxes = {box(row): key for row, key in enumerate(chosen)}

    answer = save(shopkeeper, page_of(cup), **{TOTAL: str(len(chosen))}, **boxes)

    assert wrong in complaints(answer)
    assert names(cup) == []


def test_a_list_that_somebody_else_has_changed_is_not_written_over(shopkeeper, goods):
    cup, plate, bowl, spoon = goods
    set_related(cup, related=[plate.pk])
    sent = fields_of(shopkeeper.get(page_of(cup)))
    set_related(cup, related=[bowl.pk])

    answer = shopkeeper.post(page_of(cup), {**sent, box(0): spoon.pk})

    assert complaints(answer)["formset"] == ["Somebody else has deleted this meanwhile."]
    assert names(cup) == ["Bowl"]


def test_one_that_is_off_sale_for_ever_is_not_in_the_way(shopkeeper, goods):
    cup, plate, bowl, spoon = goods
    set_related(cup, related=[plate.pk, bowl.pk])
    delete_product(plate)

    answer = save(shopkeeper, page_of(cup), **{TOTAL: "2", box(1): spoon.pk})

    assert answer.status_code == 302, complaints(answer)
    assert names(cup) == ["Bowl", "Spoon"]


def test_the_box_finds_products_that_are_kept(shopkeeper, goods):
    delete_product(goods[1])
    asked = {
        "term": "plate",
        "app_label": "shopkit_catalog",
        "model_name": "relatedproduct",
        "field_name": "related",
    }
    found = shopkeeper.get("/admin/autocomplete/", asked).json()["results"]
    assert found == []
    [cup] = shopkeeper.get("/admin/autocomplete/", {**asked, "term": "cup"}).json()["results"]
    assert cup == {"id": str(goods[0].pk), "text": "Cup"}


@pytest.mark.parametrize("act", ["view", "change"])
def test_who_may_change_the_product_chooses_and_who_may_look_sees(client, user, goods, act):
    cup, plate, bowl, _spoon = goods
    set_related(cup, related=[plate.pk])
    user.is_staff = True
    user.save()
    user.user_permissions.add(Permission.objects.get(codename=f"{act}_product"))
    client.force_login(user)

    page = client.get(page_of(cup))

    assert "Plate" in page.content.decode()
    boxes = {box(0): bowl.pk, **{f"related_products-{n}_FORMS": "1" for n in ("TOTAL", "INITIAL")}}
    row = RelatedProduct.objects.get().pk
    sent = {**boxes, box(0, "id"): row, box(0, "product"): cup.pk, "name": "Cup", "slug": cup.slug}
    client.post(page_of(cup), {**sent, "is_active": "on", "metadata": "{}"})
    assert names(cup) == (["Plate"] if act == "view" else ["Bowl"])
