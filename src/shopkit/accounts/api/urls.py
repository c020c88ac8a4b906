"""URLs of accounts."""

from shopkit.core.api.routes import route

from . import addresses, photos, signing_in, telegram, views

urlpatterns = [
    route("auth/register/", signing_in.RegisterView, name="auth-register"),
    route("auth/login/", signing_in.LoginView, name="auth-login"),
    route("auth/login/verify/", signing_in.LoginVerifyView, name="auth-login-verify"),
    route("auth/email/confirm/", signing_in.ConfirmEmailView, name="auth-email-confirm"),
    route("auth/otp/", signing_in.AskCodeView, name="auth-otp"),
    route("auth/otp/verify/", signing_in.AnswerCodeView, name="auth-otp-verify"),
    route("auth/password/forgot/", signing_in.ForgotPasswordView, name="auth-password-forgot"),
    route("auth/password/reset/", signing_in.ResetPasswordView, name="auth-password-reset"),
    route("auth/refresh/", views.RefreshView, name="auth-refresh"),
    route("auth/logout/", views.LogoutView, name="auth-logout"),
    route("auth/sessions/", views.SessionListView, name="auth-sessions"),
    route("auth/sessions/<uuid:pk>/", views.SessionView, name="auth-session-detail"),
    route("auth/password/change/", views.ChangePasswordView, name="auth-password-change"),
    route("profile/", views.ProfileView, name="profile"),
    route("profile/phone/", views.PhoneView, name="profile-phone"),
    route("profile/phone/verify/", views.PhoneVerifyView, name="profile-phone-verify"),
    route("profile/email/", views.EmailView, name="profile-email"),
    route("profile/email/verify/", views.EmailVerifyView, name="profile-email-verify"),
    route("profile/two-factor/", views.TwoFactorView, name="profile-two-factor"),
    route("auth/telegram/", telegram.BotCodeView, name="auth-telegram"),
    route("auth/telegram/mini-app/", telegram.MiniAppView, name="auth-telegram-mini-app"),
    route("profile/photo/", photos.PhotoView, name="profile-photo"),
    route("profile/addresses/", addresses.AddressListView, name="address-list"),
    route("profile/addresses/<int:pk>/", addresses.AddressView, name="address-detail"),
]
