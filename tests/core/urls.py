"""URLs of the tests of core: the endpoints of ``tests.core.views`` beside the whole API."""

from django.urls import include, path

from tests.core import views

handler500 = "shopkit.core.api.handlers.server_error"

urlpatterns = [
    path("raise/<slug:kind>/", views.RaisingView.as_view()),
    path("signed-in/", views.SignedInView.as_view()),
    path("staff/", views.StaffView.as_view()),
    path("throttled/", views.ThrottledView.as_view()),
    path("basket/", views.BasketView.as_view()),
    path("echo/", views.EchoView.as_view()),
    path("duplicate/", views.DuplicateView.as_view()),
    path("waiting/", views.WaitingView.as_view()),
    path("missing-table/", views.MissingTableView.as_view()),
    path("sql/", views.SqlView.as_view()),
    path("page/", views.page),
    path("api/v1/", include("shopkit.urls")),
]
