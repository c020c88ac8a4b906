"""URLs of the demo shop."""

from demo.confirming import confirm
from demo.views import front_page
from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

admin.site.site_header = admin.site.site_title = "shopkit demo"

handler500 = "shopkit.core.api.handlers.server_error"

urlpatterns = [
    path("", front_page, name="front-page"),
    path("confirm/", confirm, name="confirm"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("shopkit.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    # Files that staff upload; outside DEBUG they are the web server's business.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
