"""URLs of notifications."""

from shopkit.core.api.routes import route

from .views import NotificationListView, PreferencesView, ReadAllView, ReadNotificationView

urlpatterns = [
    route("notifications/", NotificationListView, name="notification-list"),
    route("notifications/read-all/", ReadAllView, name="notification-read-all"),
    route("notifications/preferences/", PreferencesView, name="notification-preferences"),
    route("notifications/<int:pk>/read/", ReadNotificationView, name="notification-read"),
]
