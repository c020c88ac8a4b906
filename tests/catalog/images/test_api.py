"""Pictures over HTTP."""

import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from shopkit.catalog.models import Image
from shopkit.catalog.services.products import delete_product
from tests.accounts.pictures import animated, picture, png_header, with_place

from .conftest import API, add, files, make_product, named, opened, places, upload

pytestmark = pytest.mark.django_db(transaction=True)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


def post(caller, product, raw=None, **more):
    path = f"{API}products/{product.slug}/images/"
    return caller.post(path, {"image": upload(raw, "../evil.php"), **more}, format="multipart")


def errors_of(answer):
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return [(one["attr"], one["code"]) for one in answer.json()["errors"]]


def test_a_picture_is_kept_as_webp_under_a_name_of_ours_with_its_sizes(as_staff, product, media):
    answer = post(as_staff, product, picture(size=(1600, 800)), alt="A cup")

    assert answer.status_code == 201
    body = answer.json()
    image = Image.objects.get()
    assert body["id"] == image.pk
    assert (body["alt"], body["position"], body["variant_id"]) == ("A cup", 0, None)
    assert (body["width"], body["height"]) == (1600, 800)
    assert files(media) == named()
    assert "evil" not in str(files(media))
    assert sorted(image.sizes) == ["card", "page", "thumb"]
    assert len(set(image.sizes.values())) == 3

    shown = as_staff.get(f"{API}products/{product.slug}/").json()
    assert shown["image"] == {name: shown["images"][0][name] for name in ("url", "alt", "sizes")}
    assert shown["images"][0]["id"] == image.pk
    for name, side in {"thumb": 160, "card": 480, "page": 1200}.items():
        stored = opened(media / image.sizes[name])
        assert (stored.format, stored.size) == ("WEBP", (side, side // 2))
        assert shown["image"]["sizes"][name].endswith(image.sizes[name])


def test_what_a_picture_hides_is_gone_from_it_and_its_sizes(as_staff, product, media):
    post(as_staff, product, with_place(size=(400, 300)) + b"<?php ?>")

    assert len(files(media)) == 2  # thumb is smaller, the others are the picture itself
    for file in files(media):
        raw = (media / file).read_bytes()
        assert b"my home" not in raw
        assert b"secret comment" not in raw
        assert b"<?php" not in raw
        assert opened(media / file).size[0] < opened(media / file).size[1]  # turned upright


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "invalid_image"),
        (SVG, "invalid_image"),
        (picture("GIF"), "invalid_image"),
        (picture(size=(400, 300))[:-900], "invalid_image"),
        (animated("WEBP"), "animated_image"),
        (png_header(5001, 5000), "too_many_pixels"),
        (picture() + b"\0" * (5 * 1024 * 1024), "image_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value[:8]),
)
def test_what_is_no_picture_is_refused(as_staff, product, media, raw, code):
    assert errors_of(post(as_staff, product, raw)) == [("image", code)]
    assert files(media) == []
    assert not Image.objects.exists()


def test_a_body_far_too_large_is_refused_unread(as_staff, product, media):
    answer = post(as_staff, product, b"\0" * (11 * 1024 * 1024))

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert files(media) == []


def test_json_is_no_upload(as_staff, product):
    path = f"{API}products/{product.slug}/images/"

    assert as_staff.post(path, {"image": "x"}, format="json").status_code == 415
    assert errors_of(as_staff.post(path, {}, format="multipart")) == [("image", "required")]


@pytest.mark.parametrize(
    ("given", "attr", "code"),
    [
        ({"alt": "x" * 201}, "alt", "max_length"),
        ({"alt": "a\0b"}, "alt", "null_characters_not_allowed"),
        ({"variant_id": 0}, "variant_id", "min_value"),
        ({"variant_id": 10**6}, "variant_id", "does_not_exist"),
        ({"variant_id": "x"}, "variant_id", "invalid"),
        ({"position": -1}, "position", "min_value"),
        ({"position": 2**31}, "position", "max_value"),
    ],
)
def test_what_is_said_wrongly_leaves_no_file(as_staff, product, media, given, attr, code):
    assert errors_of(post(as_staff, product, **given)) == [(attr, code)]
    assert files(media) == []


def test_a_variant_of_another_product_is_refused(as_staff, product, media):
    other = make_product("Bowl").variants.get()

    assert errors_of(post(as_staff, product, variant_id=other.pk)) == [
        ("variant_id", "does_not_exist")
    ]
    assert files(media) == []
    image = add(product)
    answer = as_staff.patch(f"{API}images/{image.pk}/", {"variant_id": other.pk}, format="json")
    assert errors_of(answer) == [("variant_id", "does_not_exist")]


def test_a_picture_of_a_variant_stands_at_the_variant_too(as_staff, client, product):
    variant = product.variants.get()
    pk = post(as_staff, product, variant_id=variant.pk).json()["id"]

    page = client.get(f"{API}products/{product.pk}/").json()

    assert [one["id"] for one in page["variants"][0]["images"]] == [pk]
    assert [one["id"] for one in page["images"]] == [pk]
    as_staff.patch(f"{API}images/{pk}/", {"variant_id": None}, format="json")
    assert client.get(f"{API}products/{product.pk}/").json()["variants"][0]["images"] == []


def test_a_picture_moves_and_the_first_is_the_card_s(as_staff, client, product):
    first, second, third = (add(product, alt=alt) for alt in "abc")

    answer = as_staff.patch(f"{API}images/{third.pk}/", {"position": 0}, format="json")

    assert (answer.status_code, answer.json()["position"]) == (200, 0)
    assert places(product) == [(third.pk, 0), (first.pk, 1), (second.pk, 2)]
    [card] = client.get(f"{API}products/").json()["results"]
    assert card["image"]["alt"] == "c"
    as_staff.patch(f"{API}images/{third.pk}/", {"position": 99}, format="json")
    assert places(product) == [(first.pk, 0), (second.pk, 1), (third.pk, 2)]
    assert client.get(f"{API}products/").json()["results"][0]["image"]["alt"] == "a"


def test_a_new_picture_goes_where_it_is_sent(as_staff, product):
    old = add(product)

    new = post(as_staff, product, position=0).json()["id"]

    assert places(product) == [(new, 0), (old.pk, 1)]


def test_a_deleted_picture_takes_its_files_along_and_the_next_is_first(
    as_staff, client, product, media
):
    first, second = add(product, picture(size=(600, 600)), alt="a"), add(product, alt="b")

    answer = as_staff.delete(f"{API}images/{first.pk}/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert files(media) == named()
    assert places(product) == [(second.pk, 0)]
    assert client.get(f"{API}products/").json()["results"][0]["image"]["alt"] == "b"
    assert as_staff.delete(f"{API}images/{first.pk}/").status_code == 404


def test_alt_texts_are_read_in_one_s_language(as_staff, client, product):
    image = add(product, alt="A cup")
    texts = {"uz": {"alt": "Piyola"}, "ru": {"alt": "Чашка"}}

    answer = as_staff.patch(f"{API}images/{image.pk}/", {"translations": texts}, format="json")

    assert (answer.status_code, answer.json()["translations"]) == (200, texts)
    [card] = client.get(f"{API}products/", headers={"Accept-Language": "ru"}).json()["results"]
    page = client.get(f"{API}products/{product.pk}/", headers={"Accept-Language": "uz"}).json()
    assert card["image"]["alt"] == "Чашка"
    assert (page["image"]["alt"], page["images"][0]["alt"]) == ("Piyola", "Piyola")


@pytest.mark.parametrize(
    "wrong",
    [
        {"uz": {"name": "x"}},
        {"uz": {"alt": "x" * 201}},
        {"uz": "x"},
        {"UZ": {"alt": "x"}},
        {f"x{one}a": {"alt": "x"} for one in range(21)},
    ],
)
def test_translations_of_other_things_are_refused(as_staff, product, wrong):
    image = add(product)

    answer = as_staff.patch(f"{API}images/{image.pk}/", {"translations": wrong}, format="json")

    assert errors_of(answer) == [("translations", "invalid_translations")]


def test_there_are_only_so_many_pictures(as_staff, product, media, settings):
    settings.SHOPKIT = {**settings.SHOPKIT, "CATALOG": {"MAX_IMAGES": 2}}
    add(product)
    add(product)

    assert errors_of(post(as_staff, product)) == [("image", "too_many_images")]
    assert files(media) == named()


def test_only_staff_with_the_permission_may(product, django_user_model, client):
    image = add(product)
    clerk = django_user_model.objects.create_user("clerk", is_staff=True)
    caller = APIClient()
    caller.force_authenticate(clerk)
    calls = {
        "add": lambda who: post(who, product),
        "change": lambda who: who.patch(f"{API}images/{image.pk}/", {"alt": "x"}, format="json"),
        "delete": lambda who: who.delete(f"{API}images/{image.pk}/"),
    }

    assert [call(client).status_code for call in calls.values()] == [401] * 3
    assert [call(caller).status_code for call in calls.values()] == [403] * 3
    for verb in calls:
        clerk.user_permissions.add(Permission.objects.get(codename=f"{verb}_image"))
    caller.force_authenticate(django_user_model.objects.get(pk=clerk.pk))
    assert [call(caller).status_code for call in calls.values()] == [201, 200, 204]


def test_a_product_off_sale_for_ever_has_no_pictures_to_change(as_staff, product, media):
    image = add(product)
    delete_product(product)
    before = files(media)

    assert post(as_staff, product).status_code == 404
    assert as_staff.patch(f"{API}images/{image.pk}/", {"alt": "x"}).status_code == 404
    assert as_staff.delete(f"{API}images/{image.pk}/").status_code == 404
    assert files(media) == before


def test_a_list_with_pictures_is_one_statement_more_for_none(client, product, statements):
    for _turn in range(3):
        add(product, picture(size=(600, 600)))
    client.get(f"{API}products/")

    with statements(2):
        assert client.get(f"{API}products/").json()["results"][0]["image"]["sizes"]


def test_addresses_are_the_storage_s_own(as_staff, client, product, remote):
    post(as_staff, product, picture(size=(600, 600)))

    [card] = client.get(f"{API}products/").json()["results"]
    page = client.get(f"{API}products/{product.pk}/").json()

    for shown in (card["image"], page["images"][0]):
        for url in (shown["url"], *shown["sizes"].values()):
            assert url.startswith("https://bucket.example/products/")
            assert url.endswith("?signature=1")
