"""The page that mailed links of the demo open."""

from .sites import Site

OPENED = """
import re
import time
from django.core import mail
from django.test import Client
from django.test.utils import override_settings
from shopkit.accounts.models import AuthSession, PendingRegistration
from shopkit.core.facts import deliver_all
from shopkit.core.models import Delivery

body = {"email": "page@example.com", "password": "a-good-passphrase-7"}
client = Client(headers={"host": "localhost", "accept-language": "ru"})
with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
    client.post("/api/v1/auth/register/", body, content_type="application/json")
    # The background thread of a serving process may be at it.
    while Delivery.objects.pending().exists():
        deliver_all()
        time.sleep(0.1)
link = re.search(r"http://\\S+", mail.outbox[-1].body)[0]
path = link.removeprefix("http://shop.test:8123")
looked = client.get(path)
waiting = PendingRegistration.objects.filter(destination=body["email"]).count()
token = re.search(r'name="token" value="([^"]+)"', looked.content.decode())[1]
pages = [client.post("/confirm/", {"token": token}) for _ in range(2)]
login = client.post("/api/v1/auth/login/", body, content_type="application/json")
print(json.dumps({
    "link": link[:30],
    "looked": [looked.status_code, waiting, looked.headers["Referrer-Policy"]],
    "pages": [[page.status_code, "подтверждён" in page.content.decode()] for page in pages],
    "login": login.status_code,
    "sessions": AuthSession.objects.alive().filter(user__email=body["email"]).count(),
}))
"""


def test_a_link_is_used_up_by_the_button_and_not_by_a_look(shop: Site):
    assert shop.ask(OPENED, SITE_URL="http://shop.test:8123/") == {
        "link": "http://shop.test:8123/confirm/",
        "looked": [200, 1, "no-referrer"],
        "pages": [[200, True], [400, False]],
        "login": 200,
        "sessions": 1,
    }
