"""URLs of text messages."""

from shopkit.core.api.routes import route

from .views import StatusView

urlpatterns = [route("sms/status/<slug:backend>/", StatusView, name="sms-status")]
