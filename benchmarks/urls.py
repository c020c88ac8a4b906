"""The API where the example project has it."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("shopkit.urls"))]
