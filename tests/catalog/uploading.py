"""What a shopkeeper does on the admin's pages of imports."""

import csv
from io import StringIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shopkit.catalog.models import ImportRun

RUNS = "/admin/shopkit_catalog/importrun/"
GOOD = "slug,name,sku,price\ncap,Cap,CAP,10\nhat,Hat,HAT,20\nbad,Bad,BAD,free\n"


def helper(*permissions: str) -> Client:
    """Somebody with these permissions only."""
    user = get_user_model().objects.create_user("helper", is_staff=True)
    for one in permissions:
        user.user_permissions.add(Permission.objects.get(codename=one))
    client = Client()
    client.force_login(user)
    return client


def upload(client, text, *, kind="products", name="goods.csv", **given):
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, content)
    body = {"file": file, "format": "auto", **given}
    if kind != "products":
        body["format"] = given.get("format", "shopkit")
    return client.post(f"{RUNS}add/?kind={kind}", body)


def begun(client, text, **given):
    """Upload, look, and say yes; the run that waits for its first piece."""
    answer = upload(client, text, **given)
    assert answer.status_code == 302, answer.context["form"].errors
    run = ImportRun.objects.get()
    assert client.post(f"{RUNS}{run.pk}/confirm/").status_code == 302
    return run


def download(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))
