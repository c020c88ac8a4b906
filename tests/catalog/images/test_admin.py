"""Pictures on their product's page, as a shopkeeper uses them."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from shopkit.catalog.errors import LastVariant
from shopkit.catalog.models import Image, Product
from tests.accounts.pictures import picture
from tests.catalog.test_admin import ADMIN, complaints, save

from .conftest import add, files, named, places, upload

pytestmark = pytest.mark.django_db(transaction=True)
ADD = f"{ADMIN}product/add/"


@pytest.fixture
def shopkeeper(staff):
    client = Client()
    client.force_login(staff)
    return client


def page_of(product):
    return f"{ADMIN}product/{product.pk}/change/"


@pytest.fixture(autouse=True)
def _languages(settings):
    settings.LANGUAGES = [("en", "English"), ("ru", "Russian")]


def new(index, raw=None, **told):
    """The boxes of a further picture."""
    given = {f"images-{index}-{name}": value for name, value in told.items()}
    if raw is not None:
        given[f"images-{index}-upload"] = upload(raw)
    return {"images-TOTAL_FORMS": str(index + 1), **given}


def test_a_picture_is_uploaded_described_and_shown(shopkeeper, product, media):
    told = {"alt": "A cup", "variant": product.variants.get().pk}

    answer = save(shopkeeper, page_of(product), **new(0, picture(size=(600, 600)), **told))

    assert answer.status_code == 302, complaints(answer)
    image = product.images.get()
    assert (image.alt, image.variant) == ("A cup", product.variants.get())
    assert files(media) == named()
    page = shopkeeper.get(page_of(product)).content.decode()
    assert f'src="/{image.sizes["thumb"]}"' in page or image.sizes["thumb"] in page
    assert 'accept="image/jpeg,image/png,image/webp"' in page  # of a further one
    assert LogEntry.objects.filter(change_message__contains="image").exists()


def test_a_product_is_made_with_its_pictures_on_one_page(shopkeeper, db, media):
    answer = save(
        shopkeeper,
        ADD,
        **{"name": "Cup", "variants-0-price": "100"},
        **new(0, picture()),
    )

    assert answer.status_code == 302, complaints(answer)
    product = Product.objects.get()
    assert product.primary_image == product.images.get()
    assert files(media) == named()


def test_saving_an_untouched_page_changes_nothing(shopkeeper, product, media):
    add(product, alt="a", translations={"uz": {"alt": "b"}})
    add(product)
    before = [list(Image.objects.values()), list(Product.objects.values())]

    assert save(shopkeeper, page_of(product)).status_code == 302

    assert [list(Image.objects.values()), list(Product.objects.values())] == before


def test_pictures_are_described_moved_and_deleted_at_once(shopkeeper, product, media):
    first, second, third = (add(product, alt=alt) for alt in "abc")

    answer = save(
        shopkeeper,
        page_of(product),
        **{
            "images-0-DELETE": "on",
            "images-1-alt": "changed",
            "images-2-position": "0",
            "images-2-text:ru:alt": "Чашка",
        },
    )

    assert answer.status_code == 302, complaints(answer)
    assert places(product) == [(third.pk, 0), (second.pk, 1)]
    assert not Image.objects.filter(pk=first.pk).exists()
    assert Image.objects.get(pk=second.pk).alt == "changed"
    assert Image.objects.get(pk=third.pk).translations == {"ru": {"alt": "Чашка"}}
    assert files(media) == named()
    product.refresh_from_db()
    assert product.primary_image == third


def test_a_new_picture_goes_first_where_its_number_says_so(shopkeeper, product):
    old = add(product)

    save(shopkeeper, page_of(product), **new(1, picture(), position="0"))

    [(first, _), (second, _)] = places(product)
    assert (first != old.pk, second) == (True, old.pk)


@pytest.mark.parametrize(
    ("raw", "told", "field"),
    [
        (b"no picture", {}, "0.upload"),
        (picture("GIF"), {}, "0.upload"),
        (picture() + b"\0" * (5 * 1024 * 1024), {}, "0.upload"),
        (None, {"alt": "x"}, "0.upload"),
        (picture(), {"alt": "x" * 201}, "0.alt"),
        (picture(), {"position": "-1"}, "0.position"),
        (picture(), {"variant": "999999"}, "0.variant"),
        (picture(), {"text:ru:alt": "x" * 201}, "0.text:ru:alt"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    shopkeeper, product, media, raw, told, field
):
    answer = save(shopkeeper, page_of(product), **new(0, raw, **told))

    assert list(complaints(answer)) == [field]
    assert files(media) == []


def test_more_than_allowed_are_refused(shopkeeper, product, media, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": {"MAX_IMAGES": 1}}
    add(product)
    before = files(media)

    answer = save(shopkeeper, page_of(product), **new(1, picture()))

    assert "formset" in complaints(answer)
    assert files(media) == before


def test_a_page_that_is_refused_late_leaves_no_file(shopkeeper, db, media, monkeypatch):
    """Everything on the page is one transaction, and the files go with it."""

    def refuse(*_args, **_kwargs):
        raise LastVariant

    monkeypatch.setattr("shopkit.catalog.admin.products.ProductAdmin.log_addition", refuse)
    save(shopkeeper, ADD, **{"name": "Cup", "variants-0-price": "1"}, **new(0, picture()))

    assert not Product.objects.exists()
    assert files(media) == []


def test_who_may_only_look_sees_pictures_and_changes_none(product, django_user_model, media):
    clerk = django_user_model.objects.create_user("clerk", is_staff=True)
    for name in ("view_image", "view_product", "change_product", "view_variant"):
        clerk.user_permissions.add(Permission.objects.get(codename=name))
    add(product, alt="a")
    client = Client()
    client.force_login(clerk)

    save(client, page_of(product), **{"images-0-alt": "b", "name": "Bowl"}, **new(1, picture()))

    assert Image.objects.get().alt == "a"
    product.refresh_from_db()
    assert product.name == "Bowl"


def test_the_page_asks_no_more_for_more_pictures(
    shopkeeper, product, django_assert_max_num_queries
):
    def count():
        with django_assert_max_num_queries(100) as asked:
            shopkeeper.get(page_of(product))
        return len(asked)

    add(product)
    one = count()
    for _turn in range(4):
        add(product, variant_id=product.variants.get().pk)

    assert count() == one


def test_who_may_only_look_sees_the_picture_and_what_is_said_of_it(client, user, product, media):
    image = add(product, alt="A cup", translations={"ru": {"alt": "Чашка"}})
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)

    page = client.get(page_of(product)).content.decode()

    assert str(image.file.name) in page
    assert "A cup" in page
    assert '<span lang="ru">Чашка</span>' in page
    assert 'type="file"' not in page
