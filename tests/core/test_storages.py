"""Addresses of files: worked out once where names decide, asked for where they do not."""

from django.core.files.storage import FileSystemStorage, default_storage

from shopkit.core.storages import url_maker


class Signing(FileSystemStorage):
    """Gives another address each time."""

    number = 0

    def url(self, name):
        self.number += 1
        return f"{super().url(name)}?signature={self.number}"


def test_a_file_in_a_folder_has_the_address_that_its_storage_says():
    for storage in (default_storage, FileSystemStorage(base_url="https://cdn.example/m/")):
        for name in ("a.png", "products/o\u02bb b.webp", "/a.png", "a?b#c.png"):
            assert url_maker(storage)(name) == storage.url(name)


def test_an_address_that_is_signed_is_signed_anew():
    url_of = url_maker(Signing(base_url="/m/"))

    assert [url_of("a"), url_of("a")] == ["/m/a?signature=1", "/m/a?signature=2"]


def test_another_base_is_another_address(settings):
    assert url_maker(default_storage)("a.png") == f"{settings.MEDIA_URL}a.png"
    settings.MEDIA_URL = "/elsewhere/"
    assert url_maker(default_storage)("a.png") == "/elsewhere/a.png"
