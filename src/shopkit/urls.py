"""Every endpoint of every installed app, for a site that wants it all.

``path("api/v1/", include("shopkit.urls"))``. A site that wants fewer installs fewer apps, or
includes the ``api.urls`` of single apps.
"""

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path, re_path

from shopkit.core.api.documents import document_urls
from shopkit.core.api.views import NotFoundView

app_name = "shopkit"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{app}.api.urls"))
    for app in (
        "shopkit.sms",
        "shopkit.telegram",
        "shopkit.accounts",
        "shopkit.catalog",
        "shopkit.inventory",
        "shopkit.cart",
        "shopkit.orders",
        "shopkit.payments",
        "shopkit.reviews",
        "shopkit.notifications",
    )
    if apps.is_installed(app)
]
urlpatterns += document_urls(schema_name="shopkit:schema")
urlpatterns += [re_path(r"^[\s\S]*$", NotFoundView.as_view(), name="not-found")]
