"""URLs of accounts."""

from shopkit.core.api.routes import route

from . import addresses, photos, views

urlpatterns = [
    route("auth/register/", views.RegisterView, name="auth-register"),
    route("auth/login/", views.LoginView, name="auth-login"),
    route("auth/refresh/", views.RefreshView, name="auth-refresh"),
    route("auth/logout/", views.LogoutView, name="auth-logout"),
    route("auth/sessions/", views.SessionListView, name="auth-sessions"),
    route("auth/sessions/<uuid:pk>/", views.SessionView, name="auth-session-detail"),
    route("auth/password/change/", views.ChangePasswordView, name="auth-password-change"),
    route("profile/", views.ProfileView, name="profile"),
    route("profile/photo/", photos.PhotoView, name="profile-photo"),
    route("profile/addresses/", addresses.AddressListView, name="address-list"),
    route("profile/addresses/<int:pk>/", addresses.AddressView, name="address-detail"),
]
