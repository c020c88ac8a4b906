"""How customers pay: by hand always, and by each gateway whose variables are set.

With DEBUG on every gateway is there, with published values where nothing is set.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BACKENDS = "shopkit.payments.backends"

# Gateway: {environment variable: the value that the demo uses when it is not set}.
GATEWAY_KEYS = {
    "dummy": {"DUMMY_WEBHOOK_SECRET": "demo-dummy-secret"},
    "payme": {"PAYME_MERCHANT_ID": "demo-payme", "PAYME_KEY": "demo-payme-key"},
    "click": {
        "CLICK_SERVICE_ID": "31337",
        "CLICK_MERCHANT_ID": "777",
        "CLICK_SECRET_KEY": "demo-click-secret",
    },
    "stripe": {"STRIPE_API_KEY": "sk_test_demo", "STRIPE_WEBHOOK_SECRET": "whsec_demo"},
}


def providers(
    environment: Mapping[str, str], *, debug: bool, is_test: bool, site_url: str
) -> dict[str, Any]:
    """Return ``SHOPKIT["PAYMENTS"]["PROVIDERS"]``.

    is_test -- whether Payme's customers are sent to its test page
    site_url -- what links to the site begin with

    Raises ImproperlyConfigured as ``read_keys`` does.
    """
    offline = f"{BACKENDS}.offline.OfflineBackend"
    found: dict[str, Any] = {
        "offline": {"BACKEND": offline},
        "bank": {"BACKEND": offline, "OPTIONS": {"name": _("Bank transfer")}},
    }
    keys = read_keys("dummy", environment, debug=debug)
    if keys and debug:  # buttons that pay are no way to pay in a shop
        options = {"secret": keys["DUMMY_WEBHOOK_SECRET"], "base_url": site_url}
        found["dummy"] = {"BACKEND": f"{BACKENDS}.dummy.DummyBackend", "OPTIONS": options}
    if keys := read_keys("payme", environment, debug=debug):
        options = {"merchant_id": keys["PAYME_MERCHANT_ID"], "key": keys["PAYME_KEY"]}
        options["is_test"] = is_test
        found["payme"] = {"BACKEND": f"{BACKENDS}.payme.PaymeBackend", "OPTIONS": options}
    if keys := read_keys("click", environment, debug=debug):
        options = {
            "service_id": keys["CLICK_SERVICE_ID"],
            "merchant_id": keys["CLICK_MERCHANT_ID"],
            "secret_key": keys["CLICK_SECRET_KEY"],
        }
        found["click"] = {"BACKEND": f"{BACKENDS}.click.ClickBackend", "OPTIONS": options}
    keys = read_keys("stripe", environment, debug=debug)
    if keys and find_spec("stripe"):  # a package of its own, and an extra
        options = {
            "api_key": keys["STRIPE_API_KEY"],
            "webhook_secret": keys["STRIPE_WEBHOOK_SECRET"],
            "return_url": f"{site_url}/",  # where the client names no page
        }
        if api_base := environment.get("STRIPE_API_BASE"):
            options["api_base"] = api_base
        found["stripe"] = {"BACKEND": f"{BACKENDS}.stripe.StripeBackend", "OPTIONS": options}
    return found


def read_keys(gateway: str, environment: Mapping[str, str], *, debug: bool) -> dict[str, str]:
    """Return the gateway's variables; {} outside DEBUG where none of them is set.

    Raises ImproperlyConfigured outside DEBUG for some without the others, and for published ones.
    """
    published = GATEWAY_KEYS[gateway]
    given = {name: environment.get(name, "") for name in published}
    if debug:
        return {name: value or published[name] for name, value in given.items()}
    if not any(given.values()):
        return {}
    wrong = [name for name, value in given.items() if value in {"", published[name]}]
    if wrong:
        raise ImproperlyConfigured(
            f"Set {', '.join(wrong)}, or nothing of {gateway}: with DEBUG off the demo's published "
            "values are refused."
        )
    return given
