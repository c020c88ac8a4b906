"""The catalogue with reviews: products to look at and to talk about, nothing is sold."""

from tests.sites.catalog.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "shopkit.reviews"]  # noqa: F405
SHOPKIT = {
    "FACTS": {"DELIVERY": "sync"},
    "CATALOG": {"LIKED": "shopkit.reviews.services.liked_by"},
}
