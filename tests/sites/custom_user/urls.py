"""URLs of the site."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("shopkit.urls"))]
