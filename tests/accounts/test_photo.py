"""One's photo."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image
from rest_framework.test import APIClient

from shopkit.accounts.models import Profile
from shopkit.accounts.services import photos

from .calls import API, at_once, errors_of
from .pictures import animated, picture, png_header, with_place

pytestmark = pytest.mark.django_db(transaction=True)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def caller(tokens):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    return client


def put(caller, raw, *, name="me.jpg", kind="image/jpeg", **more):
    file = SimpleUploadedFile(name, raw, content_type=kind)
    return caller.put(f"{API}/profile/photo/", {"photo": file, **more}, format="multipart")


def opened(file):
    return Image.open(BytesIO(file.read_bytes()))


def files(media):
    return sorted(path for path in media.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_as_webp_under_a_name_of_ours(caller, media, kind):
    answer = put(caller, picture(kind), name="../../me passport.php")

    [file] = files(media)
    assert answer.status_code == 200
    assert list(answer.json()) == ["photo"]
    assert answer.json()["photo"].endswith(f"shopkit/people/{file.name}")
    assert "passport" not in file.name
    assert (len(file.stem), file.suffix) == (32, ".webp")
    assert opened(file).format == "WEBP"


def test_a_large_photo_is_made_small_and_keeps_its_shape(caller, media):
    put(caller, picture(size=(4000, 2000)))

    assert opened(files(media)[0]).size == (1024, 512)


def test_a_photo_on_its_side_is_turned_and_tells_nothing_else(caller, media):
    put(caller, with_place(size=(40, 30)))

    [file] = files(media)
    stored = opened(file)
    assert stored.size == (30, 40)
    assert dict(stored.getexif()) == {}
    assert b"my home" not in file.read_bytes()
    assert b"secret comment" not in file.read_bytes()


def test_transparency_stays(caller, media):
    put(caller, picture("PNG", mode="RGBA", colour=(255, 0, 0, 0)))

    assert opened(files(media)[0]).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK"])
def test_unusual_colours_are_understood(caller, mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"

    assert (
        put(caller, picture(kind, mode=mode, colour=1 if mode != "LA" else (1, 255))).status_code
        == 200
    )


def test_what_is_glued_to_a_picture_is_gone(caller, media):
    put(caller, picture() + b"PK\x03\x04<?php system($_GET[0]); ?><script>alert(1)</script>")

    raw = files(media)[0].read_bytes()
    assert b"<?php" not in raw
    assert b"<script>" not in raw


def test_the_profile_shows_the_photo(caller):
    answer = put(caller, picture())

    assert answer.json()["photo"].startswith("http://testserver/")
    assert caller.get(f"{API}/profile/").json()["photo"] == answer.json()["photo"]


def test_a_new_photo_replaces_the_old_file(caller, media):
    put(caller, picture())
    [old] = files(media)

    put(caller, picture(colour="blue"))

    [new] = files(media)
    assert new != old


def test_a_removed_photo_leaves_no_file(caller, media):
    put(caller, picture())

    assert caller.delete(f"{API}/profile/photo/").status_code == 204
    assert files(media) == []
    assert Profile.objects.get().photo.name == ""
    assert caller.delete(f"{API}/profile/photo/").status_code == 204


@pytest.mark.parametrize("way", ["the user", "a set of users", "the profile"])
def test_a_deleted_user_s_photo_goes_with_him(caller, anna, media, way):
    put(caller, picture("JPEG"))
    users = type(anna)._default_manager.filter(pk=anna.pk)

    if way == "the user":
        anna.delete()
    elif way == "a set of users":
        users.delete()
    else:
        Profile.objects.filter(user=anna).delete()

    assert not Profile.objects.filter(user_id=anna.pk).exists()
    assert files(media) == []


def test_a_user_who_is_not_deleted_after_all_keeps_his_photo(caller, anna, media):
    put(caller, picture("JPEG"))

    with transaction.atomic():
        anna.delete()
        transaction.set_rollback(True)

    assert len(files(media)) == 1


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "invalid_image"),
        (b"not a picture at all", "invalid_image"),
        (SVG, "invalid_image"),
        (picture("GIF"), "invalid_image"),
        (picture("BMP"), "invalid_image"),
        (picture("TIFF"), "invalid_image"),
        (picture(size=(400, 300))[:-900], "invalid_image"),
        (picture("PNG", size=(400, 300))[:60], "invalid_image"),
        (picture("WEBP", size=(400, 300))[:60], "invalid_image"),
        (b"GIF89a" + picture(), "invalid_image"),
        (animated("PNG"), "animated_image"),
        (animated("WEBP"), "animated_image"),
        (png_header(5001, 5000), "too_many_pixels"),
        (png_header(100_000, 100_000), "invalid_image"),
        (picture() + b"\0" * (5 * 1024 * 1024), "image_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value[:12]),
)
def test_what_is_no_photo_is_refused_and_the_old_one_stays(caller, media, raw, code):
    put(caller, picture())
    before = files(media)

    assert errors_of(put(caller, raw, name="me.png", kind="image/png")) == [("photo", code)]

    assert files(media) == before
    assert Profile.objects.get().photo.name.endswith(before[0].name)


def test_a_body_far_too_large_is_refused_unread(caller, media):
    answer = put(caller, b"\0" * (11 * 1024 * 1024))

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert files(media) == []


def test_json_is_no_upload(caller):
    answer = caller.put(f"{API}/profile/photo/", {"photo": "x"}, format="json")

    assert answer.status_code == 415


def test_a_form_without_a_file_is_refused(caller):
    def send(**body):
        return caller.put(f"{API}/profile/photo/", body, format="multipart")

    assert errors_of(send(photo="text")) == [("photo", "invalid")]
    assert errors_of(send(other="x")) == [("other", "unknown_member")]


def test_nobody_else_may_set_a_photo(client, media):
    assert put(client, picture()).status_code == 401
    assert client.delete(f"{API}/profile/photo/").status_code == 401
    assert files(media) == []


def test_a_change_that_fails_leaves_no_file(caller, media, monkeypatch, anna):
    """The row goes between the upload and the write: nothing is left behind."""

    def break_down(*_args, **_kwargs):
        raise RuntimeError("the database is away")

    monkeypatch.setattr(Profile.objects, "get_or_create", break_down)
    with pytest.raises(RuntimeError):
        photos.set_photo(anna, file=SimpleUploadedFile("me.jpg", picture()))

    assert files(media) == []


@pytest.mark.postgres
@pytest.mark.race
def test_many_photos_at_once_leave_one_file(tokens, media):
    def send(_):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
        return put(client, picture()).status_code

    assert at_once(8, send) == [200] * 8

    [file] = files(media)
    assert Profile.objects.get().photo.name.endswith(file.name)
